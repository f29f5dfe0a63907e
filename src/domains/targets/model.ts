import type { CalendarDate } from '../../calendar/days.ts';
import type { PeriodUnit } from '../../calendar/units.ts';

/** Whom a target is for. */
export type Contestant = { type: 'Member'; id: string } | { type: 'Team'; id: string };

/** What tells one target from another. */
export interface TargetKey {
  metricId: string;
  contestant: Contestant;
  unit: PeriodUnit;
  /** First day of the period; `ALL_TIME_BUCKET` for ALL_TIME. */
  bucket: CalendarDate;
}

export interface Target extends TargetKey {
  id: string;
  version: number;
  /** Exact, in the metric's own unit. */
  value: string;
}
