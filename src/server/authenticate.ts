import type { Database } from '../database/database.ts';
import type { Viewer } from '../database/viewer.ts';
import type { Session } from './session.ts';

/** Who a session is; null without a token or with one that is unknown, expired, revoked, or not for this origin. */
export interface Authenticate {
  (db: Database, session: Session): Promise<Viewer | null>;
  /** The same for many sessions, in their order, where that costs less than one by one. */
  all?(db: Database, sessions: readonly Session[]): Promise<(Viewer | null)[]>;
}
