import type { Selectable } from 'kysely';
import type { Attendance, MeetingStatus } from '../../generated/kysely/enums.ts';
import type { Tables } from '../../generated/kysely/types.ts';

export type { Attendance, MeetingStatus };

export type Meeting = Selectable<Tables['meeting']>;

/** How often a kind of meeting is held. It is told to people and to reports; it makes no meetings by itself. */
export const RHYTHMS = {
  DAILY: 'On every working day.',
  WEEKLY: 'Once a week.',
  MONTHLY: 'Once a month.',
  QUARTERLY: 'Once a quarter.',
  YEARLY: 'Once a year.',
  AS_NEEDED: 'When there is need for one.',
} as const;

export type Rhythm = keyof typeof RHYTHMS;

/** One point of a kind's agenda template. */
export interface AgendaPoint {
  topic: string;
  /** Planned minutes; null: open. */
  minutes: number | null;
}

export interface MeetingKind {
  id: string;
  version: number;
  key: string;
  name: string;
  description: string | null;
  rhythm: Rhythm | null;
  /** "08:30", in the organization's zone. */
  usualTime: string | null;
  agenda: AgendaPoint[];
  defaultMinutes: number;
  ordinal: number;
  active: boolean;
}

export interface AgendaEntry extends AgendaPoint {
  presenterId: string | null;
}

/** Somebody who is invited, or who came without being. The host is always among them. */
export interface Participant {
  memberId: string;
  invited: boolean;
  attendance: Attendance | null;
}

export const LIMITS = {
  name: 200,
  place: 200,
  topic: 200,
  text: 10_000,
  agenda: 50,
  /** Invited, came and host together: a transaction writes at most 500 events, and cancelling writes one for each. */
  participants: 400,
  /** Attendances in one request. */
  attendances: 100,
  /** A meeting's length in minutes. Overlaps are looked for no further back than this. */
  minutes: 24 * 60,
  /** Attendance and minutes can be entered from so many minutes before the start. */
  openBefore: 30,
  /** Overlaps that are reported. */
  overlaps: 100,
} as const;

export interface Times {
  startsAt: Date;
  endsAt: Date;
}

/** A meeting's length in whole minutes. */
export const minutesOf = ({ startsAt, endsAt }: Times): number =>
  Math.round((endsAt.getTime() - startsAt.getTime()) / 60_000);

export interface AttendanceGiven {
  memberId: string;
  /** null takes a recorded attendance back. */
  attendance: Attendance | null;
}
