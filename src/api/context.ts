import type { CalendarSettings, EarlierSettings } from '../calendar/settings.ts';
import { readClock } from '../database/clock.ts';
import type { Database } from '../database/database.ts';
import { once } from '../database/once.ts';
import { type Reader, readerFor } from '../database/reader.ts';
import type { MemberViewer, Viewer } from '../database/viewer.ts';
import type { Feed } from '../events/feed.ts';
import type { ResumeWindow } from '../events/log.ts';
import { createLoaders, type Load } from './loaders.ts';
import { forbidden, unauthenticated } from './unauthorized.ts';

/**
 * What every resolver gets. Flat and cheap to make: a new one for every request and for every
 * event of a subscription, so that nothing that is cached on it outlives the rights it was read with.
 */
export interface Context {
  /** Who asks; null before sign-in. */
  viewer: Viewer | null;
  /**
   * One answer is made for a group of viewers who are authorised one by one, see `sharing.ts`. `viewer` stands for
   * what they share; a check of who asks would check nobody and has no place here.
   */
  isGroup: boolean;
  /** Who asks, with the rights of this moment: for streams, which outlive their context. Null: the rights have ended. */
  presentViewer(): Promise<Viewer | null>;
  db: Database;
  /** The event log as this node follows it: what subscriptions are fed by. */
  feed: Feed;
  config: ContextConfig;
  /** Where the request comes from, for slowing down guesses and for tokens that are bound to origins. */
  caller: Caller;
  /** Reads as Prisma does, limited to what the viewer may see. */
  reader: Reader;
  /** One record by id through the same limits, batched; null when it is not there for the viewer. */
  load: Load;
  /** Stands in the log line of the operation and in masked errors. */
  requestId: string;
  /** Collects the log positions of this request's mutations; the answer carries the highest. */
  positions: Positions;
  /** Codes of the named errors that this request met, for its log line. */
  errorCodes: string[];
  /** The database's clock, read once per request: what "today" is reckoned from. */
  now(): Promise<Date>;
  /** Time zone, week, fiscal months, currency and locale of the viewer's organization; read once per request. */
  calendar(): Promise<OrganizationCalendar>;
}

export interface OrganizationCalendar extends CalendarSettings {
  currency: string;
  locale: string;
}

/** The settings that domains go by. */
export interface ContextConfig {
  /** How long a sign-in lasts. */
  sessionHours: number;
  /** Updates that wait for one slow subscriber before it is reset. */
  mailboxSize: number;
  /** How far back a subscription may resume. */
  resumeWindow: ResumeWindow;
}

export interface Caller {
  /** The network address; null when it is not known. */
  address: string | null;
  /** The page that asks, as the browser says; null outside browsers. */
  origin: string | null;
}

export type ContextParts = Pick<
  Context,
  'db' | 'feed' | 'config' | 'caller' | 'viewer' | 'requestId'
> &
  Partial<Pick<Context, 'positions' | 'errorCodes' | 'presentViewer' | 'isGroup'>>;

export function createContext(parts: ContextParts): Context {
  const { db, feed, config, caller, viewer, requestId } = parts;
  const reader = readerFor(db, viewer ?? NOBODY);
  return {
    viewer,
    isGroup: parts.isGroup ?? false,
    presentViewer: parts.presentViewer ?? (() => Promise.resolve(viewer)),
    db,
    feed,
    config,
    caller,
    reader,
    load: createLoaders(reader),
    requestId,
    positions: parts.positions ?? createPositions(),
    errorCodes: parts.errorCodes ?? [],
    now: once(() => readClock(db)),
    calendar: once(() => readCalendar(db, viewer)),
  };
}

async function readCalendar(db: Database, viewer: Viewer | null): Promise<OrganizationCalendar> {
  if (!viewer) throw unauthenticated();
  const organization = await db.prisma.organization.findUniqueOrThrow({
    where: { id: viewer.organizationId },
    select: {
      timeZone: true,
      firstDayOfWeek: true,
      fiscalMonthEnd: true,
      fiscalYearStartMonth: true,
      earlierCalendar: true,
      currency: true,
      locale: true,
    },
  });
  // Only `saveOrganization` writes it.
  const { earlierCalendar, ...settings } = organization;
  return { ...settings, earlier: earlierCalendar as EarlierSettings | null };
}

/** Reads nothing: for what runs before a sign-in. */
const NOBODY: Viewer = {
  kind: 'display',
  organizationId: '00000000-0000-0000-0000-000000000000',
  tokenId: 'nobody',
  callerKey: 'nobody',
  leaderboardIds: new Set(),
};

/** What follows in this request is read with the rights of `viewer`: for the payload of a sign-in. */
export function actAs(ctx: Context, viewer: Viewer): void {
  Object.assign(ctx, createContext({ ...ctx, viewer }));
}

export interface Positions {
  note(position: string | number): void;
  highest(): string | null;
}

export function createPositions(): Positions {
  let highest: bigint | null = null;
  return {
    note: (position) => {
      const noted = BigInt(position);
      if (highest === null || noted > highest) highest = noted;
    },
    highest: () => highest?.toString() ?? null,
  };
}

/** The signed-in caller, a display included. Throws UNAUTHENTICATED when there is none. */
export function viewerOf(ctx: Context): Viewer {
  if (!ctx.viewer) throw unauthenticated();
  return ctx.viewer;
}

/** The member who asks. Throws UNAUTHENTICATED without a sign-in, FORBIDDEN for a display. */
export function memberOf(ctx: Context): MemberViewer {
  const viewer = viewerOf(ctx);
  if (viewer.kind !== 'member') throw forbidden('member');
  return viewer;
}
