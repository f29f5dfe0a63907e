import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Demo, seedDemo } from '../prisma/demo/seed-demo.ts';
import type { Database } from './database/database.ts';
import { describeUrl } from './database/migrate.ts';
import type { Settings } from './settings.ts';

/** A data directory may have served several databases, each with a demonstration of its own. */
function fileOf({ url, directory }: Settings['database']): string {
  const which = url
    ? `.${createHash('sha256').update(describeUrl(url)).digest('hex').slice(0, 8)}`
    : '';
  return path.join(directory, `demonstration${which}.json`);
}

/**
 * Fills an empty database with the demonstration organization. Its passwords are random: they are
 * kept in the data directory, for its owner to read, because the database has only their hashes.
 * Answers how to sign in, a line each.
 */
export async function prepareDemonstration(
  db: Database,
  { demo, database }: Settings,
  say: (sentence: string) => void,
): Promise<string[]> {
  if (!demo) return [];
  const file = fileOf(database);
  const startedAt = performance.now();
  if (!existsSync(file)) say('Making a demonstration organization takes some seconds ...');
  const made = await seedDemo(db);
  if (!made) return describe(await readKept(file));
  say(`Made it in ${Math.round((performance.now() - startedAt) / 1000)} s.`);
  await mkdir(database.directory, { recursive: true });
  await writeFile(file, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
  return describe(made);
}

/** Null when the file is gone: then an administrator of another organization, or a new data directory, is the way in. */
async function readKept(file: string): Promise<Demo | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Demo;
  } catch {
    return null;
  }
}

function describe(demo: Demo | null): string[] {
  if (!demo) return [];
  const { organizationKey, accounts, displayToken } = demo;
  return [
    `Sign in with the organization "${organizationKey}", an employee number and a password:`,
    ...accounts.map(
      ({ employeeNumber, password, role, name }) =>
        `  ${employeeNumber.padEnd(8)} ${password.padEnd(24)} ${role.padEnd(8)} ${name}`,
    ),
    `Display token, for a screen that only watches the boards: ${displayToken}`,
  ];
}
