import type { CalendarSettings } from '../calendar/settings.ts';
import { isPeriodUnit, type PeriodUnit } from '../calendar/units.ts';
import { InvalidInput } from '../database/errors.ts';
import type { Json } from '../database/event-draft.ts';
import { toUnits } from './amounts.ts';
import { type ScoringEvent, scoringEvents } from './scoring-events.ts';

/** One comparison of a payload's field; all of a definition's conditions must hold. A missing field holds none. */
export interface Condition {
  field: string;
  in?: string[];
  notIn?: string[];
  /** Decimal strings, both ends included. */
  gte?: string;
  lte?: string;
}

/** A metric is data: which event, under which conditions, worth what, taken back by what. */
export interface MetricDefinition {
  event: string;
  conditions: Condition[];
  /** `COUNT`: one for each; else the payload's field of that name. */
  value: 'COUNT' | { field: string };
  restatedBy: string[];
  reversedBy: string[];
  /** The calendar that the roll-ups of this version are cut by. */
  calendar: CalendarSettings;
}

/** A version in force or being built, as derivation needs it. */
export interface MetricVersion {
  id: string;
  metricId: string;
  number: number;
  definition: MetricDefinition;
  grains: PeriodUnit[];
}

/** Kept for every metric; a board's own unit is added where a board asks for it. */
export const STANDARD_GRAINS: readonly PeriodUnit[] = ['DAY', 'MONTH', 'ALL_TIME'];

/** Where a definition stands in a mutation's input. */
const PATH = ['input', 'definition'] as const;

export const MAX_CONDITIONS = 20;
export const MAX_CONDITION_VALUES = 100;

/** What a client may say of a definition; the rest is filled in from the event's declaration. */
export interface DefinitionInput {
  event: string;
  conditions?: Condition[] | null;
  /** The payload field that is summed; null counts. */
  valueField?: string | null;
  /** Default: all that the event's domain declares. */
  reversedBy?: string[] | null;
}

/** Checks a definition against the declared events. Throws InvalidInput, naming what is allowed. */
export function defineAgainstEvents(
  input: DefinitionInput,
  calendar: CalendarSettings,
): MetricDefinition {
  const event = scoringEvents().get(input.event);
  if (!event) {
    throw new InvalidInput(
      `No scores can be made of "${input.event}"; the events are: ${[...scoringEvents().keys()].sort().join(', ')}.`,
      { path: [...PATH, 'event'] },
    );
  }
  const conditions = input.conditions ?? [];
  if (conditions.length > MAX_CONDITIONS) {
    throw new InvalidInput(`A metric has at most ${MAX_CONDITIONS} conditions.`, {
      path: [...PATH, 'conditions'],
    });
  }
  conditions.forEach((condition, index) => {
    checkCondition(event, condition, [...PATH, 'conditions', String(index)]);
  });
  const reversedBy = input.reversedBy ?? [...event.reversedBy];
  const unknown = reversedBy.find((type) => !event.reversedBy.includes(type));
  if (unknown !== undefined) {
    throw new InvalidInput(
      `"${unknown}" does not take back "${event.type}"; these do: ${event.reversedBy.join(', ')}.`,
      { path: [...PATH, 'reversedBy'] },
    );
  }
  return {
    event: event.type,
    conditions,
    value: summed(event, input.valueField),
    restatedBy: [...event.restatedBy],
    reversedBy,
    calendar,
  };
}

function summed(event: ScoringEvent, name: string | null | undefined): MetricDefinition['value'] {
  if (name === null || name === undefined) return 'COUNT';
  const field = event.fields[name];
  if (field?.kind === 'amount' || field?.kind === 'number') return { field: name };
  const summable = Object.entries(event.fields)
    .filter(([, { kind }]) => kind === 'amount' || kind === 'number')
    .map(([key]) => key);
  throw new InvalidInput(
    `"${name}" of "${event.type}" cannot be summed; these can: ${summable.join(', ') || 'none, so leave it out to count'}.`,
    { path: [...PATH, 'valueField'] },
  );
}

function checkCondition(event: ScoringEvent, condition: Condition, path: string[]): void {
  const field = event.fields[condition.field];
  if (!field) {
    throw new InvalidInput(
      `"${event.type}" has no field "${condition.field}"; it has: ${Object.keys(event.fields).join(', ')}.`,
      { path: [...path, 'field'] },
    );
  }
  const values = [...(condition.in ?? []), ...(condition.notIn ?? [])];
  if (values.length > MAX_CONDITION_VALUES) {
    throw new InvalidInput(`A condition names at most ${MAX_CONDITION_VALUES} values.`, { path });
  }
  const bounds = [condition.gte, condition.lte].filter(
    (bound) => bound !== undefined && bound !== null,
  );
  if (values.length === 0 && bounds.length === 0) {
    throw new InvalidInput('A condition needs in, notIn, gte or lte.', { path });
  }
  if (bounds.length > 0 && field.kind !== 'amount' && field.kind !== 'number') {
    throw new InvalidInput(
      `gte and lte compare numbers; "${condition.field}" is a ${field.kind}.`,
      { path },
    );
  }
}

/** Whether a payload meets all conditions. Reads the payload only, so that a rebuild years later agrees. */
export function holds(conditions: readonly Condition[], payload: { [key: string]: Json }): boolean {
  return conditions.every((condition) => {
    const value = payload[condition.field];
    if (value === undefined || value === null) return false;
    const text = String(value);
    if (condition.in && !condition.in.includes(text)) return false;
    if (condition.notIn?.includes(text)) return false;
    if (condition.gte && toUnits(text) < toUnits(condition.gte)) return false;
    if (condition.lte && toUnits(text) > toUnits(condition.lte)) return false;
    return true;
  });
}

/** What happened to a metric's contribution by an event: nothing, a new value, or none any more. */
export type Effect = 'SCORES' | 'RESTATES' | 'REVERSES';

export function effectOf(definition: MetricDefinition, type: string): Effect | null {
  if (definition.event === type) return 'SCORES';
  if (definition.restatedBy.includes(type)) return 'RESTATES';
  return definition.reversedBy.includes(type) ? 'REVERSES' : null;
}

export const isPeriodUnits = (units: readonly string[]): units is PeriodUnit[] =>
  units.every(isPeriodUnit);
