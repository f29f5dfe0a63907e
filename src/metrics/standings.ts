import { cutIntoGrains } from '../calendar/grains.ts';
import { between, dayOf, isBounded, type Period, startOfDay } from '../calendar/periods.ts';
import type { CalendarSettings } from '../calendar/settings.ts';
import type { PeriodUnit } from '../calendar/units.ts';
import { type Connection, runText } from '../database/statements.ts';
import type { Page } from './standings-page.ts';
import { type BoardQuestion, type Source, standingsSql } from './standings-sql.ts';

/** One place of a board. Amounts are exact decimal strings. */
export interface StandingRow {
  contestantId: string;
  /** From 1, without gaps: the order of display. */
  place: number;
  rank: number;
  /** Null: on a percent board, without a target. */
  score: string | null;
  /** Of each measure, before weights. */
  amounts: string[];
  /** Percent of the target of the first measure; null without one. */
  progress: string | null;
  /** To the place above; null for the first. */
  gapToNext: string | null;
  gapToLeader: string | null;
  /** Left the scope, the role or the organization since. */
  left: boolean;
}

export interface Standings {
  /** The place in the log of the snapshot that the rows were read from. */
  position: number;
  loggedAt: Date;
  /** How many contestants the board has. */
  total: number;
  rows: StandingRow[];
}

/** Reads a page of a board in one statement, from one snapshot. */
export async function readStandings(
  connection: Connection,
  question: BoardQuestion,
  page: Page,
): Promise<Standings> {
  const { text, values } = standingsSql(question, page);
  const rows = await runText<FoundStanding>(connection, text, values);
  const [head] = rows;
  if (!head) throw new Error(`organization ${question.organizationId} has no log`);
  return {
    position: head.position,
    loggedAt: head.loggedAt,
    total: head.total ?? 0,
    rows: rows.flatMap(standingOf),
  };
}

interface FoundStanding extends Omit<StandingRow, 'contestantId' | 'left'> {
  position: number;
  loggedAt: Date;
  total: number;
  contestant: string | null;
  present: boolean;
}

function standingOf({ contestant, present, ...row }: FoundStanding): StandingRow[] {
  if (contestant === null) return [];
  const { place, rank, score, amounts, progress, gapToNext, gapToLeader } = row;
  const figures = { place, rank, score, amounts, progress, gapToNext, gapToLeader };
  return [{ contestantId: contestant, ...figures, left: !present }];
}

/**
 * What answers a period: whole roll-up buckets for all of it, or, up to a moment (inclusive), whole buckets for the
 * days before and the ledger for the rest. What was known at some time past comes from the ledger alone.
 */
export function sourceOf(
  calendar: CalendarSettings,
  grains: readonly PeriodUnit[],
  period: Period,
  asOf: Date | null,
  ledgerOnly: boolean,
): Source {
  const cut =
    asOf && (period.end === null || asOf < period.end) ? new Date(asOf.getTime() + 1) : null;
  if (ledgerOnly) return { buckets: [], slices: [{ start: period.start, end: cut ?? period.end }] };
  if (!cut) return { buckets: cutIntoGrains(calendar, period, grains), slices: [] };
  if (!isBounded(period) || cut <= period.start) {
    return { buckets: [], slices: [{ start: period.start, end: cut }] };
  }
  const lastDay = dayOf(calendar, cut);
  const dayStart = startOfDay(calendar, lastDay);
  if (dayStart <= period.start) return { buckets: [], slices: [{ start: period.start, end: cut }] };
  const before = between(calendar, period.from, dayOf(calendar, new Date(dayStart.getTime() - 1)));
  return {
    buckets: cutIntoGrains(calendar, before, grains),
    slices: cut > dayStart ? [{ start: dayStart, end: cut }] : [],
  };
}

/** A board without figures, and the place in the log where it had none. */
export async function emptyStandings(
  connection: Connection,
  organizationId: string,
): Promise<Standings> {
  const [head] = await runText<{ position: number; loggedAt: Date }>(
    connection,
    'SELECT position, logged_at FROM log_head WHERE organization_id = $1',
    [organizationId],
  );
  if (!head) throw new Error(`organization ${organizationId} has no log`);
  return { ...head, total: 0, rows: [] };
}
