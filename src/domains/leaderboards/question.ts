import { elapsedCut, previousPeriod } from '../../calendar/comparisons.ts';
import { type PeriodInput, PRESENT_PERIOD, resolvePeriod } from '../../calendar/named-periods.ts';
import { ALL_TIME_BUCKET, type Period } from '../../calendar/periods.ts';
import { sameCalendar } from '../../calendar/settings.ts';
import { sourceOf } from '../../metrics/standings.ts';
import type { BoardQuestion, Source } from '../../metrics/standings-sql.ts';
import type { Board } from './board.ts';

/** Of which moment a board is asked. */
export interface Cut {
  /** Only what counts up to this moment, itself included. */
  asOf: Date | null;
  /** Only what was recorded by this moment. */
  recordedBy: Date | null;
  /** Only what the log held after this position. */
  throughPosition: number | null;
}

export const NOW: Cut = { asOf: null, recordedBy: null, throughPosition: null };

/** The period that a board shows: the one asked for, else the present one of its own unit. */
export const periodOf = (board: Board, input: PeriodInput | null | undefined, now: Date): Period =>
  resolvePeriod(board.calendar, input ?? { named: PRESENT_PERIOD[board.periodUnit] }, now);

/** Puts a board's standings over a period as one question. Not for a board whose measures are being built. */
export function questionOf(board: Board, period: Period, cut: Cut): BoardQuestion {
  const measures = board.measures.map(({ metricId, kind, weight, version }) => {
    if (!version) throw new Error(`metric ${metricId} of board ${board.id} is being built`);
    return { measure: { versionId: version.id, metricId, kind, weight }, version };
  });
  const end =
    cut.asOf && (!period.end || cut.asOf < period.end)
      ? new Date(cut.asOf.getTime() + 1)
      : period.end;
  return {
    organizationId: board.organizationId,
    contestants: board.contestants,
    scopeTeamId: board.scopeTeamId,
    teamDepth: board.teamDepth,
    teams: board.teams,
    measures: measures.map(({ measure }) => measure),
    sources: measures.map(({ version }): Source => {
      // Until the roll-ups are cut by the calendar that the organization now has, the ledger answers.
      const stale = !sameCalendar(version.definition.calendar, board.calendar);
      const source = sourceOf(
        board.calendar,
        version.grains,
        period,
        cut.asOf,
        stale || cut.recordedBy !== null,
      );
      if (cut.throughPosition === null || source.buckets.length === 0) return source;
      // The slices know the position themselves; the buckets end where the first of them begins.
      const bucketsEnd = source.slices[0]?.start ?? period.end;
      const after = { start: period.start, end: bucketsEnd, minusAfter: cut.throughPosition };
      return { ...source, slices: [...source.slices, after] };
    }),
    start: period.start,
    end,
    target: targetOf(period),
    ranking: board.ranking,
    tieBreak: board.tieBreak,
    competingRoles: board.competingRoles,
    showZero: board.showZero,
    recordedBy: cut.recordedBy,
    throughPosition: cut.throughPosition,
  };
}

/** The same board over the period before, after the same part of it had passed; null for all time. */
export function previousQuestion(board: Board, period: Period, now: Date): BoardQuestion | null {
  const previous = previousPeriod(board.calendar, period);
  const cut = elapsedCut(board.calendar, period, now);
  if (!previous || !cut) return null;
  const asOf = cut >= previous.end ? null : new Date(cut.getTime() - 1);
  return questionOf(board, previous, { ...NOW, asOf });
}

/** Targets are set for whole periods of a unit. */
function targetOf(period: Period): BoardQuestion['target'] {
  const unit = period.unit ?? period.toDateOf;
  return unit ? { unit, bucket: period.from ?? ALL_TIME_BUCKET } : null;
}
