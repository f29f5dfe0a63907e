import type { Tx } from '../database/transaction.ts';
import { LineProblem, type Resolved } from './draft.ts';
import type { SourceKind } from './model.ts';

const STAGES = `SELECT s.id, s.funnel_id, s.name FROM stage s
WHERE s.organization_id = $1 AND s.archived_at IS NULL`;

/** Answers which stage of a funnel a name means; only where opportunities are imported. */
export async function stagesByName(tx: Tx, kind: SourceKind): Promise<Resolved['stageOf']> {
  const rows =
    kind === 'opportunities'
      ? await tx.text<{ id: string; funnelId: string; name: string }>(STAGES, [tx.organizationId])
      : [];
  const ids = new Map(rows.map(({ id, funnelId, name }) => [`${funnelId} ${name}`, id]));
  return (funnelId, name) => {
    const id = ids.get(`${funnelId} ${name}`);
    if (id === undefined) throw new LineProblem('the funnel has no such stage', '', name);
    return id;
  };
}
