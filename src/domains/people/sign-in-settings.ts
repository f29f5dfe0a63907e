import type { Database } from '../../database/database.ts';

export interface SignInSettings {
  /** Hours after which a session ends, used or not. */
  sessionHours: number;
  /** Failures of one name after which it is locked. */
  failuresBeforeLock: number;
  /** Seconds of the first lock; each further failure doubles it. */
  lockSeconds: number;
  /** Seconds that a lock lasts at the most. */
  lockSecondsMost: number;
  /** Hours without a failure after which they are forgotten. */
  forgetFailuresHours: number;
  /** argon2id's memory in KiB and passes. */
  argon2MemoryKib: number;
  argon2Passes: number;
}

/** Argon2 as OWASP recommends: 19 MiB and two passes, some 20 ms. */
export const DEFAULT_SIGN_IN: SignInSettings = {
  sessionHours: 7 * 24,
  failuresBeforeLock: 5,
  lockSeconds: 30,
  lockSecondsMost: 3_600,
  forgetFailuresHours: 24,
  argon2MemoryKib: 19_456,
  argon2Passes: 2,
};

const configured = new WeakMap<Database, SignInSettings>();

/** Says how sign-in works over this database, for this node; once, before it serves. */
export function configureSignIn(db: Database, settings: Partial<SignInSettings>): void {
  configured.set(db, { ...DEFAULT_SIGN_IN, ...settings });
}

export const signInSettings = (db: Database): SignInSettings =>
  configured.get(db) ?? DEFAULT_SIGN_IN;
