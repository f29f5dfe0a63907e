// What there is to act on, in plain fields: the model's own memory of deals, calls, tasks and customers.
import { type Company, HOUR } from './company.ts';
import { NEVER, type Worth } from './model.ts';

export interface Deal {
  id: string;
  version: number;
  owners: { member: string; from: number }[];
  status: 'OPEN' | 'WON' | 'LOST';
  amount: number | null;
  /** Nothing about it may be dated before it. */
  since: number;
  worth: Worth | null;
  archived: boolean;
}

/** Something that scores one, and that can be taken back. */
export interface Single {
  id: string;
  counts: boolean;
  by: string;
  at: number;
}

/** Who came to a meeting, as it was entered last. */
export interface Meeting {
  id: string;
  at: number;
  came: Map<string, Attendance>;
}

export const ATTENDANCES = ['PRESENT', 'LATE', 'ABSENT', null] as const;
export type Attendance = (typeof ATTENDANCES)[number];

export const isThere = (attendance: string | null | undefined): boolean =>
  attendance === 'PRESENT' || attendance === 'LATE';

export interface Records {
  deals: Deal[];
  calls: Single[];
  tasks: Single[];
  customers: Single[];
  meetings: Meeting[];
}

export const noRecords = (): Records => ({
  ...{ deals: [], calls: [], tasks: [], customers: [], meetings: [] },
});

export const ONE = 10_000;

/** Few, so that scores tie; one with all its decimals. */
export const AMOUNTS = [2 * ONE, ONE, 3 * ONE, 0, 12_345, 100 * ONE, ONE, 2 * ONE];

export const decimal = (amount: number): string => {
  const whole = Math.trunc(Math.abs(amount) / ONE);
  const rest = String(Math.abs(amount) % ONE).padStart(4, '0');
  return `${amount < 0 ? '-' : ''}${whole}.${rest}`;
};

export const amountOf = (text: string | null): number => Math.round(Number(text) * ONE);

export function pick<T>(from: readonly T[], index: number): T {
  const one = from[index % from.length];
  if (one === undefined) throw new Error('there is nothing to pick from');
  return one;
}

/** Who works here now. */
export const active = ({ model }: Company): string[] =>
  model.people.filter(({ until }) => until === NEVER).map(({ id }) => id);

/** Moments on a grid of six hours, so that some are equal; undefined: no moment is given, so it is now. */
export function momentBack({ clock }: Company, back: number): number | undefined {
  const grid = 6 * HOUR;
  return back === 0 ? undefined : Math.floor((clock.now - back * grid) / grid) * grid;
}

export const asDate = (moment: number | undefined): Date | undefined =>
  moment === undefined ? undefined : new Date(moment);

/** Who owned a deal at a moment; of one before its first owner: who owns it now. */
export function ownerAt(deal: Deal, moment: number | undefined): string {
  const owners = [...deal.owners].reverse();
  const then = owners.find(({ from }) => moment === undefined || from <= moment) ?? owners[0];
  if (!then) throw new Error('every deal has an owner');
  return then.member;
}

const DAY = 24 * HOUR;

/** The first moment of the company's day that a moment lies in. */
export const dayStart = ({ offset }: Company, moment: number): number =>
  Math.floor((moment + offset) / DAY) * DAY - offset;

/** That day, as YYYY-MM-DD. */
export const dayText = ({ offset }: Company, moment: number): string =>
  new Date(moment + offset).toISOString().slice(0, 10);
