import { Decimal } from 'decimal.js';
import { plainDecimal, type StageKind } from './model.ts';

export type FunnelCohort = 'ENTERED' | 'CLOSED';

/** How long something took, in seconds. */
export interface Durations {
  count: number;
  median: number | null;
  p90: number | null;
}

export interface OpenSums {
  openCount: number;
  /** Of those whose amount is known. */
  openAmount: string;
  openAmountUnknown: number;
  /** Each amount by the probability of its stage. */
  weightedAmount: string;
}

export interface StageReport extends OpenSums {
  stageId: string;
  entered: number;
  movedOn: number;
  /** Of those that entered, 0 to 1; null when none did, and for stages that end the way. */
  conversion: string | null;
  droppedOut: number;
  dropOff: string | null;
  overLimit: number;
  timeInStage: Durations;
  longestOpen: number | null;
}

export interface FunnelReport extends OpenSums {
  count: number;
  wonCount: number;
  lostCount: number;
  wonAmount: string;
  winRate: string | null;
  salesCycle: Durations;
  stages: StageReport[];
}

/** A row of the report's statement: one stage, and beside it what holds for the whole funnel. */
export interface ReportRow {
  stageId: string;
  kind: StageKind;
  entered: number;
  movedOn: number;
  droppedOut: number;
  ended: number;
  median: number | null;
  p90: number | null;
  longestOpen: number | null;
  openCount: number;
  openAmount: string | null;
  openAmountUnknown: number;
  weightedAmount: string | null;
  overLimit: number;
  allCount: number;
  wonCount: number;
  lostCount: number;
  wonAmount: string | null;
  cycleMedian: number | null;
  cycleP90: number | null;
}

/** A part of a whole, 0 to 1 with four decimals; null without a whole. */
export const shareOf = (part: number, whole: number): string | null =>
  whole === 0 ? null : new Decimal(part).div(whole).toDecimalPlaces(4).toFixed();

const sum = (amounts: readonly string[]): string =>
  amounts.reduce((total, amount) => total.plus(amount), new Decimal(0)).toFixed();

const count = (counts: readonly number[]): number => counts.reduce((all, one) => all + one, 0);

/** Rows in the order of the stages; there is at least one, as no funnel is without stages. */
export function reportOf(rows: readonly ReportRow[]): FunnelReport {
  const stages = rows.map(stageReportOf);
  const [whole] = rows;
  if (!whole) throw new Error('a funnel without stages');
  const { allCount, wonCount, lostCount, wonAmount, cycleMedian, cycleP90 } = whole;
  return {
    count: allCount,
    openCount: count(stages.map(({ openCount }) => openCount)),
    openAmount: sum(stages.map(({ openAmount }) => openAmount)),
    openAmountUnknown: count(stages.map(({ openAmountUnknown }) => openAmountUnknown)),
    weightedAmount: sum(stages.map(({ weightedAmount }) => weightedAmount)),
    wonCount,
    lostCount,
    wonAmount: plainDecimal(wonAmount ?? '0'),
    winRate: shareOf(wonCount, wonCount + lostCount),
    salesCycle: { count: wonCount, median: cycleMedian, p90: cycleP90 },
    stages,
  };
}

function stageReportOf(row: ReportRow): StageReport {
  const { stageId, kind, entered, movedOn, droppedOut, ended, median, p90 } = row;
  const { openCount, openAmountUnknown, overLimit, longestOpen } = row;
  const isOnTheWay = kind === 'OPEN';
  return {
    stageId,
    entered,
    movedOn,
    conversion: isOnTheWay ? shareOf(movedOn, entered) : null,
    droppedOut,
    dropOff: isOnTheWay ? shareOf(droppedOut, entered) : null,
    openCount,
    openAmount: plainDecimal(row.openAmount ?? '0'),
    openAmountUnknown,
    weightedAmount: plainDecimal(row.weightedAmount ?? '0'),
    overLimit,
    timeInStage: { count: ended, median, p90 },
    longestOpen,
  };
}
