import type { Json } from '../database/event-draft.ts';
import { type Connection, runText } from '../database/statements.ts';
import type { MetricDefinition } from './definition.ts';
import { CORRECTED, type LedgerEvent } from './ledger.ts';

/** An event as a build or the verification reads it back. */
export interface ReplayedEvent extends LedgerEvent {
  position: number;
  loggedAt: Date;
}

const CLOSINGS = ['period.closed', 'period.reopened'];

/** All types that matter to a definition, closings included. */
export const typesOf = (definition: MetricDefinition): string[] => [
  definition.event,
  ...definition.restatedBy,
  ...definition.reversedBy,
  CORRECTED,
  ...CLOSINGS,
];

/** Events of these types after a position, up to another, in log order. */
export function readForReplay(
  connection: Connection,
  organizationId: string,
  types: readonly string[],
  after: number,
  through: number,
  limit: number,
): Promise<ReplayedEvent[]> {
  return runText(
    connection,
    `SELECT position, logged_at, type, record_id, payload FROM event
     WHERE organization_id = $1 AND type = ANY ($2::text[]) AND position > $3 AND position <= $4
     ORDER BY position LIMIT $5`,
    [organizationId, types, after, through, limit],
  );
}

/** Whether this event moves the bound before which nothing counts, and to where. Undefined: it does not. */
export function closingOf(event: LedgerEvent): string | null | undefined {
  if (!CLOSINGS.includes(event.type)) return undefined;
  return momentOf(event.payload.closedBefore);
}

const momentOf = (value: Json | undefined): string | null =>
  typeof value === 'string' ? new Date(value).toISOString() : null;

/** The bound in force after a position. */
export async function closedBeforeAt(
  connection: Connection,
  organizationId: string,
  position: number,
): Promise<string | null> {
  const [row] = await runText<{ closedBefore: string | null }>(
    connection,
    `SELECT payload ->> 'closedBefore' AS closed_before FROM event
     WHERE organization_id = $1 AND type = ANY ($2::text[]) AND position <= $3
     ORDER BY position DESC LIMIT 1`,
    [organizationId, CLOSINGS, position],
  );
  return momentOf(row?.closedBefore ?? undefined);
}
