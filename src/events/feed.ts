import type { Database } from '../database/database.ts';
import { NodeFeed } from './node-feed.ts';
import type { FeedListener } from './organization-tail.ts';
import type { Wakeups } from './wakeups.ts';

export type { FeedListener } from './organization-tail.ts';

export interface FeedOptions {
  /** How other nodes say that there is something to read. Default: this process only. */
  wakeups?: Wakeups;
  /** How often the heads of the watched organizations are compared, whatever the wake-ups say. Default 500. */
  pollMs?: number;
  /** Most events of one read. Default 500. */
  pageSize?: number;
  /** What failed and is tried again. */
  onError?: (error: unknown) => void;
}

/** A hold on one organization's log: while it lasts, this node follows that log. */
export interface Hold {
  readonly organizationId: string;
  /** Listeners have been given everything up to here; what comes later has a greater position. */
  readonly position: number;
  /**
   * Gives the listener every event after `after` (default: `position`), from this moment on and without an await in
   * between, so that what was read up to `after` neither overlaps nor leaves a gap. Throws when `after` is less than
   * `position`: read the log up to there first. One listener a hold.
   */
  listen(listener: FeedListener, after?: number): void;
  /** Ends it, and the listening. May be called twice. */
  release(): void;
}

export interface FeedLag {
  /** Known to exist and not delivered yet. */
  events: number;
  /** How long the slowest has been behind, or the database has not answered. */
  milliseconds: number;
}

/** How the hints of other nodes fare; without them every update waits for the poll. */
export interface WakeupFigures {
  connected: boolean;
  /** Hints that arrived since the start, one's own included where they come back. */
  heard: number;
}

/** What is open, for metrics and for tests that prove that nothing is left. */
export interface FeedCounts {
  organizations: number;
  listeners: number;
  waiters: number;
  timers: number;
}

/** Follows the event log for one node: every event to every listener of its organization, in order, none twice. */
export interface Feed {
  /** The database's identity, part of every log cursor. Known once `start` has resolved. */
  readonly epoch: string;
  readonly db: Database;
  /** Throws what the database says when it cannot be reached. */
  start(): Promise<void>;
  /** Ends the poll and every hold; commits are no longer noticed. */
  stop(): Promise<void>;
  /** Begins to follow an organization, at its present head unless it is followed already. */
  hold(organizationId: string): Promise<Hold>;
  /** `hold` and `listen` in one. */
  follow(organizationId: string, listener: FeedListener): Promise<Hold>;
  /** The greatest position that this node knows of; its own commits at the latest when the mutation answers. */
  head(organizationId: string): number | undefined;
  /** For `Muster-At-Least`: true when the log has come to the position, false when it has not after `timeoutMs`. */
  waitFor(organizationId: string, position: number, timeoutMs: number): Promise<boolean>;
  lag(): FeedLag;
  wakeups(): WakeupFigures;
  counts(): FeedCounts;
}

export function createFeed(db: Database, options: FeedOptions = {}): Feed {
  return new NodeFeed(db, options);
}
