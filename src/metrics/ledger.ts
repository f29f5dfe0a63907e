import type { Json } from '../database/event-draft.ts';
import { toUnits, type Units } from './amounts.ts';
import { effectOf, holds, type MetricVersion } from './definition.ts';

/** An event as the ledger reads it: from a transaction that is ending, or from the log. */
export interface LedgerEvent {
  type: string;
  recordId: string;
  payload: { [key: string]: Json };
}

/** Where an entry stands: an event's position and an ordinal among the entries that the event caused. */
export interface EntryRef {
  position: number | null;
  /** Index from 1 into the events of the transaction that is ending; null once it is in the log. */
  event: number | null;
  ordinal: number;
}

/** Entries of one subject, member and team path that count at one moment. Kept also when they add up to nothing. */
export interface Standing {
  member: string;
  teamPath: readonly string[];
  /** Whose period they were asked to count in. */
  askedAt: string;
  /** Whose period they do count in: later, where the one asked for was closed. */
  countsAt: string;
  amount: Units;
  /** The first of them: what later ones reverse. */
  first: EntryRef;
}

/** An entry that an event causes. */
export interface NewEntry {
  ordinal: number;
  subject: string;
  member: string;
  teamPath: readonly string[];
  amount: Units;
  countsAt: string;
  originallyAt: string | null;
  reverses: EntryRef | null;
}

export interface Consequence {
  entries: NewEntry[];
  /** What the subject is worth from now on. */
  standing: Standing[];
}

export const CORRECTED = 'score.corrected';

/** What the subject of an event is, in the ledger. */
export const subjectOf = (event: LedgerEvent): string =>
  typeof event.payload.subject === 'string' ? event.payload.subject : event.recordId;

/**
 * The one rule of the ledger: an event says what its subject is worth from now on (a value, or nothing), and the
 * entries are the difference to what it was worth. Pure, so that the transaction, a build from the log and the
 * verification all get the same entries.
 *
 * Null: the event means nothing to this version.
 */
export function consequenceOf(
  version: MetricVersion,
  event: LedgerEvent,
  ref: Omit<EntryRef, 'ordinal'>,
  before: readonly Standing[],
  closedBefore: string | null,
): Consequence | null {
  const worth = worthOf(version, event);
  if (worth === undefined) return null;
  const subject = subjectOf(event);
  const standing = before.map((group) => ({ ...group }));
  const entries: NewEntry[] = [];
  const opened = (moment: string) =>
    closedBefore !== null && moment < closedBefore ? closedBefore : moment;

  const book = (
    to: Omit<Standing, 'amount' | 'first'>,
    amount: Units,
    reverses: EntryRef | null,
  ) => {
    const countsAt = opened(to.countsAt);
    const { member, teamPath, askedAt } = to;
    const ordinal = entries.length + 1;
    const originallyAt = countsAt === askedAt ? null : askedAt;
    entries.push({ ordinal, subject, member, teamPath, amount, countsAt, originallyAt, reverses });
    const group = standing.find((known) => sameGroup(known, { ...to, countsAt }));
    if (group) group.amount += amount;
    else standing.push({ ...to, countsAt, amount, first: { ...ref, ordinal } });
  };

  // What was taken back in another period stands there and here, and adds up to nothing: it is left in peace.
  const counted = before.filter(
    (group) => group.amount !== 0n && sum(before.filter((other) => sameScore(other, group))) !== 0n,
  );
  const kept = counted.filter(
    (group) => worth !== null && sameScore(group, { ...worth, askedAt: worth.countsAt }),
  );
  const gone = counted.filter((group) => !kept.includes(group));
  for (const group of merged(gone.map((it) => ({ ...it, countsAt: opened(it.countsAt) })))) {
    if (group.amount !== 0n) book(group, -group.amount, group.first);
  }
  const [first] = kept;
  const difference = (worth?.amount ?? 0n) - sum(kept);
  if (worth !== null && difference !== 0n) {
    if (first) book(first, difference, first.first);
    else book({ ...worth, askedAt: worth.countsAt }, difference, null);
  }
  return { entries, standing };
}

const sum = (groups: readonly Standing[]): Units =>
  groups.reduce((total, { amount }) => total + amount, 0n);

const sameScore = (
  a: Pick<Standing, 'member' | 'askedAt'>,
  b: Pick<Standing, 'member' | 'askedAt'>,
): boolean => a.member === b.member && a.askedAt === b.askedAt;

/** Adds up what is to be taken back at one moment, under the first of it. */
function merged(groups: readonly Standing[]): Standing[] {
  const result: Standing[] = [];
  for (const group of groups) {
    const known = result.find((other) => sameGroup(other, group));
    if (known) known.amount += group.amount;
    else result.push({ ...group });
  }
  return result;
}

const sameGroup = (
  a: Omit<Standing, 'amount' | 'first'>,
  b: Omit<Standing, 'amount' | 'first'>,
): boolean =>
  a.member === b.member &&
  a.askedAt === b.askedAt &&
  a.countsAt === b.countsAt &&
  a.teamPath.length === b.teamPath.length &&
  a.teamPath.every((team, index) => team === b.teamPath[index]);

type Worth = Pick<Standing, 'member' | 'teamPath' | 'countsAt' | 'amount'>;

/** Undefined: the event does not concern the version. Null: the subject is worth nothing any more. */
function worthOf(version: MetricVersion, event: LedgerEvent): Worth | null | undefined {
  const { payload } = event;
  if (event.type === CORRECTED) {
    return payload.metricId === version.metricId
      ? read(payload, String(payload.amount))
      : undefined;
  }
  const effect = effectOf(version.definition, event.type);
  if (effect === null) return undefined;
  if (effect === 'REVERSES') return null;
  if (!holds(version.definition.conditions, payload)) return null;
  const { value } = version.definition;
  const amount = value === 'COUNT' ? '1' : payload[value.field];
  return amount === null || amount === undefined ? null : read(payload, String(amount));
}

function read(payload: { [key: string]: Json }, amount: string): Worth {
  const { memberId, countsAt, teamPath } = payload;
  if (typeof memberId !== 'string' || typeof countsAt !== 'string' || !Array.isArray(teamPath)) {
    throw new Error('a scoring event needs memberId, countsAt and teamPath in its payload');
  }
  return {
    member: memberId,
    countsAt: new Date(countsAt).toISOString(),
    teamPath: teamPath.map(String),
    amount: toUnits(amount),
  };
}
