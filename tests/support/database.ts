import { inject } from 'vitest';
import { administer, urlOf } from './administer.ts';

let made = 0;

export interface TestDatabaseOptions {
  /** Leave the database out of the check of all ledgers at the end: for tests that break one on purpose. */
  verified?: boolean;
}

/**
 * A new, migrated, empty database on the run's own server: its connection string. It lives until all tests have run,
 * because the ledgers of all databases are checked then; close what you connect.
 */
export async function testDatabase(options: TestDatabaseOptions = {}): Promise<string> {
  const { server, prefix } = inject('databases');
  made += 1;
  const mark = options.verified === false ? 'unverified' : 'of';
  const name = `${prefix}_${mark}_${process.pid}_${made}`;
  await cloneTemplate(server, prefix, name);
  return urlOf(server, name);
}

/** A new database without a single table. */
export async function emptyDatabase(): Promise<string> {
  const { server, prefix } = inject('databases');
  made += 1;
  const name = `${prefix}_unverified_${process.pid}_${made}`;
  await administer(server, `create database "${name}" template template0 encoding 'UTF8'`);
  return urlOf(server, name);
}

/** Only one at a time may copy a template, as nobody may be connected to it. */
async function cloneTemplate(server: string, prefix: string, name: string): Promise<void> {
  const template = `${prefix}_template`;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await administer(server, `create database "${name}" template "${template}"`);
      return;
    } catch (error) {
      const busy = error instanceof Error && 'code' in error && error.code === '55006';
      if (!busy || attempt === 20) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
