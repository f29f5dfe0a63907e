import { createHash } from 'node:crypto';
import type { Database } from '../../database/database.ts';
import * as store from './attempts-store.ts';
import { SignInLocked } from './errors.ts';
import { signInSettings } from './sign-in-settings.ts';

/** Failures are counted by what was typed, so that names that nobody has behave like the others. */
export const nameHash = (organizationKey: string, employeeNumber: string): Buffer =>
  createHash('sha256')
    .update(JSON.stringify([organizationKey, employeeNumber]))
    .digest();

/** Attempts of one name on this node wait for each other, so that those who type rightly at once do not lock it. */
const waiting = new Map<string, Promise<unknown>>();

/**
 * Lets a password be tried: runs `isRight`, and forgets the name's failures when it is. After repeated failures the
 * name is locked for a time that grows with each further one.
 *
 * Throws SignInLocked, without running `isRight`.
 */
export function attempt(
  db: Database,
  name: Buffer,
  isRight: () => Promise<boolean>,
): Promise<boolean> {
  const key = `${db.url} ${name.toString('base64')}`;
  const before = waiting.get(key) ?? Promise.resolve();
  const mine = before.then(
    () => tryOnce(db, name, isRight),
    () => tryOnce(db, name, isRight),
  );
  waiting.set(key, mine);
  const forget = () => {
    if (waiting.get(key) === mine) waiting.delete(key);
  };
  mine.then(forget, forget);
  return mine;
}

async function tryOnce(
  db: Database,
  name: Buffer,
  isRight: () => Promise<boolean>,
): Promise<boolean> {
  const settings = signInSettings(db);
  const allowed = await store.countAttempt(db, name, settings);
  if (!allowed) throw await locked(db, name);
  const right = await isRight();
  if (right) await store.deleteFailures(db, name);
  else await prune(db, settings.forgetFailuresHours);
  return right;
}

async function locked(db: Database, name: Buffer): Promise<SignInLocked> {
  const until = ((await store.lockedUntil(db, name)) ?? new Date()).toISOString();
  return new SignInLocked(
    `Too many failed attempts: this name is locked until ${until}. A new password from an administrator unlocks it.`,
    { data: { until } },
  );
}

/** Unlocks a name. */
export const forgetFailures = (db: Database, name: Buffer): Promise<void> =>
  store.deleteFailures(db, name);

const PRUNE_EVERY_MS = 3_600_000;
const pruned = new WeakMap<Database, number>();

/** What somebody typed who tried names at random is not kept for ever. */
async function prune(db: Database, hours: number): Promise<void> {
  const now = Date.now();
  if (now - (pruned.get(db) ?? 0) < PRUNE_EVERY_MS) return;
  pruned.set(db, now);
  await store.deleteFailuresOlderThan(db, hours);
}
