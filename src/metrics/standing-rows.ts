import { type Connection, runText } from '../database/statements.ts';
import { allGiven, type BoardQuestion, standingSql, standingsContext } from './standings-sql.ts';
import { Parameters } from './statement-parameters.ts';

/** Where in the log a board was read. */
export interface ReadAt {
  position: number;
  loggedAt: Date;
  epoch: string;
}

/** A contestant's standing without its place. Amounts are exact decimal strings. */
export interface Scored {
  contestantId: string;
  present: boolean;
  /** Null: on a percent board, without a target. */
  score: string | null;
  /** What orders equal scores: ascending, as a number that may be `-Infinity`. */
  tie: string;
  amounts: string[];
  progress: string | null;
  /** Its tie was not worked out, as it was alone with its score. */
  tieIsOpen: boolean;
}

export interface AllRows extends ReadAt {
  rows: Scored[];
}

export interface ChangedRows extends ReadAt {
  /** Who may stand elsewhere than before; null when everybody is to be read again. */
  changed: readonly string[] | null;
  /** Those of them who are on the board. */
  rows: Scored[];
}

/** Beyond so many entries or events since, everybody is read again, which takes no longer. */
const MOST_CHANGED = 500;
const MOST_EVENTS = 5_000;

/** Everybody on a board, in no order. */
export async function readAllRows(
  connection: Connection,
  question: BoardQuestion,
): Promise<AllRows> {
  const context = standingsContext(question);
  const text = `/* standing rows */ WITH RECURSIVE ${standingSql(context)}
SELECT h.position, h.logged_at, o.epoch, ${columns(question)}
FROM log_head h CROSS JOIN log_epoch o LEFT JOIN standing s ON true
WHERE h.organization_id = ${context.organization} AND ${allGiven(context)}`;
  const found = await runText<FoundRow>(connection, text, context.p.values);
  const [head] = found;
  if (!head) throw new Error(`organization ${question.organizationId} has no log`);
  return { ...placeOf(head), rows: found.flatMap(scoredOf) };
}

/**
 * Who stands otherwise on a board of members than at a place in the log: those who have had an entry since, and `also`
 * who is asked for. A change of people, teams, targets or definitions may move anybody.
 */
export async function readChangedRows(
  connection: Connection,
  question: BoardQuestion,
  since: ReadAt,
  also: readonly string[],
): Promise<ChangedRows> {
  const p = new Parameters();
  const context = standingsContext(question, p, 'touched');
  const { organization } = context;
  const position = p.add(since.position, 'bigint');
  // Ordered and limited, as a plan for any position would otherwise expect a third of the table after it.
  const entered = question.measures.map(
    ({
      versionId,
    }) => `(SELECT e.member_id AS c FROM score_entry e WHERE e.organization_id = ${organization}
    AND e.metric_version_id = ${p.add(versionId, 'uuid')} AND e.position > ${position} ORDER BY e.position LIMIT ${MOST_CHANGED + 1})`,
  );
  const text = `/* standing rows since */ WITH RECURSIVE entered AS MATERIALIZED (${entered.join(' UNION ALL ')}),
touched AS MATERIALIZED (SELECT unnest(${p.add(also, 'uuid[]')}) AS c UNION SELECT c FROM entered),
since AS (SELECT v.record_type, v.type FROM event v WHERE v.organization_id = ${organization}
  AND v.position > ${position} AND v.logged_at >= ${p.add(since.loggedAt, 'timestamptz')} ORDER BY v.position LIMIT ${MOST_EVENTS}),
${standingSql(context)}
SELECT h.position, h.logged_at, o.epoch, ${columns(question)},
  CASE WHEN h.position <= ${position} + ${MOST_EVENTS} AND (SELECT count(*) FROM entered) <= ${MOST_CHANGED}
    AND NOT EXISTS (SELECT FROM since
      WHERE record_type IN ('Member', 'Team', 'Metric', 'Organization') OR type = 'target.set')
    THEN ARRAY(SELECT c FROM touched)::text[] END AS changed
FROM log_head h CROSS JOIN log_epoch o LEFT JOIN standing s ON true
WHERE h.organization_id = ${organization} AND ${allGiven(context)}`;
  const found = await runText<FoundRow & { changed: string[] | null }>(connection, text, p.values);
  const [head] = found;
  if (!head) throw new Error(`organization ${question.organizationId} has no log`);
  const follows = head.epoch === since.epoch && head.position >= since.position;
  return {
    ...placeOf(head),
    changed: follows ? head.changed : null,
    rows: found.flatMap(scoredOf),
  };
}

interface FoundRow extends ReadAt {
  c: string | null;
  present: boolean;
  score: string | null;
  tie: string;
  amounts: string[];
  progress: string | null;
  tieIsOpen: boolean;
}

function columns({ measures, tieBreak }: BoardQuestion): string {
  const isTime = tieBreak === 'FIRST_TO_REACH';
  const tie = isTime ? 'extract(epoch FROM s.by_tie) * 1000' : 's.by_tie';
  return `s.c, s.present, s.score, (${tie})::text AS tie,
  round(s.v0 * 100 / nullif(s.t0, 0), 4) AS progress,
  ARRAY[${measures.map((_, i) => `s.v${i}`).join(', ')}]::text[] AS amounts,
  ${isTime ? `s.walk AND s.by_tie = '-infinity'` : 'false'} AS tie_is_open`;
}

const placeOf = ({ position, loggedAt, epoch }: FoundRow): ReadAt => ({
  position,
  loggedAt,
  epoch,
});

function scoredOf({ c, present, score, tie, amounts, progress, tieIsOpen }: FoundRow): Scored[] {
  if (c === null) return [];
  return [{ contestantId: c, present, score, tie, amounts, progress, tieIsOpen }];
}
