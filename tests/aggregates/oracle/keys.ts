// The keys of a record, as texts: ids, values, first days of buckets, "#3" for Wednesday, "0|100" for a band.
import { decodeGlobalId, encodeGlobalId } from '../../../src/api/global-ids.ts';
import {
  type Days,
  dayOf,
  dayOfWeek,
  hourOfDay,
  hourStart,
  hoursWithin,
  nextDay,
  type Rules,
  startOf,
  unitStart,
  unitsWithin,
} from './calendar.ts';
import type { Company } from './company.ts';
import { Exact } from './figures.ts';
import type { KeyChoice, Question, Shape } from './question.ts';

export type Key = string | null;

/** How the rows of a dataset are read. */
export interface Adapter<Row> {
  /** The value of a key, or its values; of a team the member's global id. */
  value(row: Row, field: string): string | readonly string[] | null;
  /** A moment, or a day, as text. */
  time(row: Row, field: string): string | null;
  number(row: Row, field: string): string | null;
  distinct(row: Row, field: string): string | null;
  matches(row: Row, filter: object, now: Date, today: string): boolean;
  isTeam(field: string): boolean;
  /** In the order of the API: all values of an enum; the names that records are ordered by. */
  enums: Readonly<Record<string, readonly string[]>>;
  nameOf(field: string, key: string): string | number;
  /** What gaps are filled with; null where there is nothing but what occurs. */
  gaps(field: string, rollup: boolean): readonly string[] | null;
}

export interface World<Row> {
  company: Company;
  shape: Shape;
  adapter: Adapter<Row>;
  question: Question;
  rules: Rules;
  now: Date;
  /** The days that the buckets of a key are cut from, in the period (0) and in what it is compared with (1). */
  daysOf(key: KeyChoice, window: 0 | 1): Days | null;
}

/** All keys of a row: one for each group that it counts in. */
export function keysOf<Row>(world: World<Row>, row: Row, window: 0 | 1): Key[][] {
  return world.question.groupBy
    .map((key) => valuesOf(world, row, key, window))
    .reduce<Key[][]>(
      (all, values) => all.flatMap((keys) => values.map((value) => [...keys, value])),
      [[]],
    );
}

function valuesOf<Row>(world: World<Row>, row: Row, key: KeyChoice, window: 0 | 1): Key[] {
  const { adapter } = world;
  if (key.by) return [timeKey(world, row, key, window)];
  if (key.bands) return [bandOf(adapter.number(row, key.field), key.bands)];
  const value = adapter.value(row, key.field);
  if (adapter.isTeam(key.field)) {
    const members = [value].flat().filter((one) => one !== null);
    const teams = new Set(members.flatMap((member) => teamsOf(world, row, member)));
    return teams.size > 0 ? [...teams] : [null];
  }
  if (Array.isArray(value)) return value.length > 0 ? [...new Set(value)] : [null];
  return [value as Key];
}

const bandOf = (number: string | null, bands: readonly string[]): Key => {
  if (number === null) return null;
  const below = bands.findIndex((band) => new Exact(number).lt(band));
  const index = below < 0 ? bands.length : below;
  return `${bands[index - 1] ?? ''}|${bands[index] ?? ''}`;
};

export const bandsOf = (bands: readonly string[]): string[] =>
  [...bands, null].map((band, i) => `${bands[i - 1] ?? ''}|${band ?? ''}`);

function timeKey<Row>(world: World<Row>, row: Row, key: KeyChoice, window: 0 | 1): Key {
  const { rules, shape, adapter } = world;
  const value = adapter.time(row, key.field);
  if (value === null) return null;
  const isDay = shape.days.includes(key.field);
  const day = isDay ? value : dayOf(rules, value);
  if (key.by === 'DAY_OF_WEEK') return `#${dayOfWeek(day)}`;
  if (key.by === 'HOUR_OF_DAY') return `#${hourOfDay(rules, value)}`;
  const within = world.daysOf(key, window);
  if (!within) return null;
  if (key.by === 'HOUR') return later(hourStart(rules, value), within.from, rules);
  const start = unitStart(rules, key.by ?? '', day);
  return start < within.from ? within.from : start;
}

const later = (start: string, from: string, rules: Rules): string => {
  const first = new Date(startOf(rules, from)).toISOString();
  return start < first ? first : start;
};

/** All buckets of a time, as keys, in order. */
export function bucketKeys<Row>({ rules }: World<Row>, by: string, days: Days | null): string[] {
  if (by === 'DAY_OF_WEEK') return [1, 2, 3, 4, 5, 6, 7].map((day) => `#${day}`);
  if (by === 'HOUR_OF_DAY') return Array.from({ length: 24 }, (_, hour) => `#${hour}`);
  if (!days) return [];
  return by === 'HOUR' ? hoursWithin(rules, days) : unitsWithin(rules, by, days);
}

/** The teams that a record counts in: by its time or at present, with those above when they are rolled up. */
function teamsOf<Row>(
  { company, question, adapter, shape, rules, now }: World<Row>,
  row: Row,
  member: string,
): string[] {
  const asItWas = question.teams === 'AS_IT_WAS';
  const time = adapter.time(row, question.periodOf);
  const isDay = shape.days.includes(question.periodOf);
  const moment = time === null ? null : isDay ? startOf(rules, nextDay(time)) : Date.parse(time);
  const at = Math.min(moment ?? now.getTime(), now.getTime());
  const holds = ({ from, until }: { from: Date; until: Date | null }): boolean =>
    asItWas ? from.getTime() <= at && (!until || until.getTime() > at) : until === null;
  const id = decodeGlobalId(member)?.id;
  const own = company.memberships.find((stay) => stay.memberId === id && holds(stay));
  if (!own) return [];
  const teams = [own.teamId];
  for (const team of question.rollup ? teams : []) {
    const above = company.parentages.find((stay) => stay.teamId === team && holds(stay));
    if (above) teams.push(above.parentId);
  }
  return teams.map((team) => encodeGlobalId('Team', team));
}

/** By time, name, number or code point; the unknown comes last, whichever end is first. */
export function compareKeys<Row>(
  { adapter }: World<Row>,
  { field, by, bands }: KeyChoice,
  a: Key,
  b: Key,
  sign: number,
): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  const order = (key: string): (string | number)[] => {
    if (by) return [key.startsWith('#') ? Number(key.slice(1)) : key];
    if (bands) return [bandsOf(bands).indexOf(key)];
    const values = adapter.enums[field];
    if (values) return [values.indexOf(key)];
    const decoded = decodeGlobalId(key);
    return decoded ? [adapter.nameOf(field, key), decoded.id] : [key];
  };
  const [left, right] = [order(a), order(b)];
  for (const [i, value] of left.entries()) {
    const compared = compareTexts(value, right[i] ?? '');
    // The ids of records with one name always ascend with the asked direction's name.
    if (compared !== 0) return sign * compared;
  }
  return 0;
}

function compareTexts(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
}
