import { randomInt } from 'node:crypto';
import { type Algorithm, hash, verify } from '@node-rs/argon2';
import type { Database } from '../../database/database.ts';
import { type SignInSettings, signInSettings } from './sign-in-settings.ts';

/** argon2id; `Algorithm` is a const enum, which has no value at run time. */
const ARGON2ID: Algorithm.Argon2id = 2;

export function hashPassword(db: Database, password: string): Promise<string> {
  return hashWith(signInSettings(db), password);
}

const hashWith = (settings: SignInSettings, password: string): Promise<string> =>
  hash(password.normalize('NFC'), {
    algorithm: ARGON2ID,
    memoryCost: settings.argon2MemoryKib,
    timeCost: settings.argon2Passes,
    parallelism: 1,
  });

/** Hashes of nothing, made once for each cost. */
const decoys = new Map<string, Promise<string>>();

/**
 * Whether the password is the one that was hashed. For null, a name that does not exist or has no password, it takes
 * as long as for any other and is false.
 */
export async function isPassword(
  db: Database,
  password: string,
  hashed: string | null,
): Promise<boolean> {
  const isRight = await verify(hashed ?? (await decoyOf(db)), password.normalize('NFC'));
  return isRight && hashed !== null;
}

function decoyOf(db: Database): Promise<string> {
  const settings = signInSettings(db);
  const cost = `${settings.argon2MemoryKib}:${settings.argon2Passes}`;
  let decoy = decoys.get(cost);
  if (!decoy) {
    decoy = hashWith(settings, randomPassword());
    decoys.set(cost, decoy);
  }
  return decoy;
}

/** Letters and digits that people do not mistake for each other. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';

/** About 79 random bits, to be read out and typed: `kx4m-…-…-…`. */
export function randomPassword(): string {
  const group = () => Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return Array.from({ length: 4 }, group).join('-');
}
