import type { Database } from '../database/database.ts';
import type { Viewer } from '../database/viewer.ts';
import type { Feed, Hold } from '../events/feed.ts';
import type { LoggedEvent } from '../events/logged-event.ts';
import { Alarm } from '../live/alarm.ts';
import type { Authenticate } from './authenticate.ts';
import type { Session } from './session.ts';

export interface SessionWatchOptions {
  db: Database;
  feed: Feed;
  authenticate: Authenticate;
  /** A session could not be looked up, which is tried again. */
  onError(error: unknown): void;
}

/** A session, and what is open under it. */
interface Watched {
  session: Session;
  tokenId: string;
  memberId: string | null;
  /** When to look it up again, in milliseconds of the epoch; Infinity: when an event says so. */
  dueAt: number;
  isBeingLookedUp: boolean;
  ends: Set<() => void>;
}

interface Organization {
  id: string;
  users: number;
  hold: Promise<Hold>;
  /** The turn at which we began to listen, or heard of an end last. */
  changedAt: number;
  sessions: Map<string, Watched>;
}

/** What ends sessions at once; they expire without an event. */
const ENDINGS = new Set(['token.revoked', 'member.deactivated']);
/** Between two looks at a session that could not be looked up, or that outlives its time by our clock. */
const AGAIN_MS = 250;

/**
 * Ends what is open under a session when the session ends, whether or not anything happens there: when its token is
 * revoked or expires, or its member is deactivated. One listener for an organization, one timer for all.
 */
export class SessionWatch {
  #options: SessionWatchOptions;
  #organizations = new Map<string, Organization>();
  #alarm = new Alarm();
  #alarmAt = Number.POSITIVE_INFINITY;
  #turn = 0;

  constructor(options: SessionWatchOptions) {
    this.#options = options;
  }

  /** How many sessions have something open. */
  get size(): number {
    let size = 0;
    for (const { sessions } of this.#organizations.values()) size += sessions.size;
    return size;
  }

  /**
   * Looks up a session, and calls `end` when it ends later on, but for ends between which and this nothing can fall.
   * Gives what stops that; null for a session that is not valid. Throws what the lookup throws.
   */
  async admit(session: Session, end: () => void): Promise<(() => void) | null> {
    const { db, authenticate } = this.#options;
    let organization: Organization | null = null;
    try {
      for (;;) {
        const turn = this.#nextTurn();
        const viewer = await authenticate(db, session);
        if (!viewer) break;
        organization ??= await this.#join(viewer.organizationId);
        // Otherwise it may have ended after it was looked up and before anybody listened for it.
        if (organization.changedAt < turn) return this.#add(organization, session, viewer, end);
      }
    } catch (error) {
      if (organization) this.#leave(organization);
      throw error;
    }
    if (organization) this.#leave(organization);
    return null;
  }

  async #join(id: string): Promise<Organization> {
    const organization = this.#organizations.get(id) ?? this.#listen(id);
    organization.users += 1;
    try {
      await organization.hold;
      return organization;
    } catch (error) {
      this.#leave(organization);
      throw error;
    }
  }

  #listen(id: string): Organization {
    const changed = () => {
      organization.changedAt = this.#nextTurn();
    };
    const hold = this.#options.feed.follow(id, {
      events: (events) => {
        const endings = events.filter(({ type }) => ENDINGS.has(type));
        if (endings.length === 0) return;
        changed();
        this.#suspect(organization, endings);
      },
      reset: () => {
        changed();
        this.#suspect(organization, null);
      },
    });
    const organization: Organization = {
      ...{ id, users: 0, changedAt: 0, sessions: new Map() },
      hold: hold.then((held) => {
        changed();
        return held;
      }),
    };
    organization.hold.catch(() => {});
    this.#organizations.set(id, organization);
    return organization;
  }

  #leave(organization: Organization): void {
    organization.users -= 1;
    if (organization.users > 0) return;
    if (this.#organizations.get(organization.id) === organization)
      this.#organizations.delete(organization.id);
    organization.hold.then(
      (hold) => hold.release(),
      () => {},
    );
  }

  #add(organization: Organization, session: Session, viewer: Viewer, end: () => void): () => void {
    const key = `${session.token} ${session.origin}`;
    const known = organization.sessions.get(key);
    const watched: Watched = known ?? {
      session,
      tokenId: viewer.tokenId,
      memberId: viewer.kind === 'member' ? viewer.memberId : null,
      ...{ dueAt: expiryOf(viewer), isBeingLookedUp: false, ends: new Set() },
    };
    organization.sessions.set(key, watched);
    watched.ends.add(end);
    this.#lookAt(watched.dueAt);
    return () => {
      if (!watched.ends.delete(end)) return;
      if (watched.ends.size === 0) organization.sessions.delete(key);
      this.#leave(organization);
      if (this.#organizations.size === 0) this.#lookAt(Number.POSITIVE_INFINITY);
    };
  }

  /** @param endings null: any session may have ended */
  #suspect({ sessions }: Organization, endings: readonly LoggedEvent[] | null): void {
    for (const watched of sessions.values()) {
      const { tokenId, memberId } = watched;
      const isMeant = endings?.some(
        ({ recordId }) => recordId === tokenId || recordId === memberId,
      );
      if (isMeant ?? true) watched.dueAt = 0;
    }
    this.#look();
  }

  #lookAt(moment: number): void {
    if (moment === Number.POSITIVE_INFINITY) this.#alarm.clear();
    else if (moment < this.#alarmAt) this.#alarm.set(moment - this.#now(), () => this.#look());
    else return;
    this.#alarmAt = moment;
  }

  #look(): void {
    const now = this.#now();
    let next = Number.POSITIVE_INFINITY;
    for (const { sessions } of this.#organizations.values()) {
      for (const watched of sessions.values()) {
        if (watched.isBeingLookedUp) continue;
        if (watched.dueAt <= now) void this.#lookUp(watched);
        else next = Math.min(next, watched.dueAt);
      }
    }
    this.#alarmAt = Number.POSITIVE_INFINITY;
    this.#lookAt(next);
  }

  async #lookUp(watched: Watched): Promise<void> {
    const { db, authenticate, onError } = this.#options;
    watched.isBeingLookedUp = true;
    watched.dueAt = Number.POSITIVE_INFINITY;
    // By then an event may have asked for another look.
    const again = (at: number) => {
      watched.dueAt = Math.min(watched.dueAt, Math.max(at, this.#now() + AGAIN_MS));
    };
    try {
      const viewer = await authenticate(db, watched.session);
      if (viewer) again(expiryOf(viewer));
      else for (const end of [...watched.ends]) end();
    } catch (error) {
      onError(error);
      again(0);
    }
    watched.isBeingLookedUp = false;
    this.#lookAt(watched.dueAt);
  }

  #nextTurn(): number {
    this.#turn += 1;
    return this.#turn;
  }

  #now(): number {
    return Date.now() + this.#options.db.clock.shiftMs;
  }
}

const expiryOf = ({ expiresAt }: Viewer): number =>
  expiresAt?.getTime() ?? Number.POSITIVE_INFINITY;
