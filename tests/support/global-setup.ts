// Before all tests: one throw-away server and one migrated template database. After all tests: the
// ledger of every database that a test has written is checked against its log, then all of it goes.
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { startEmbedded } from '../../src/database/embedded.ts';
import { migrate } from '../../src/database/migrate.ts';
import { administer, listTestDatabases, urlOf } from './administer.ts';
import { unlikeSamples } from './event-samples.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    databases: { server: string; prefix: string };
  }
}

type VerifyLedger = (url: string) => Promise<string[]>;

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const prefix = `muster_test_${process.pid}_${Date.now().toString(36)}`;
  const external = process.env.TEST_DATABASE_URL;
  const embedded = external
    ? null
    : await startEmbedded({
        directory: mkdtempSync(path.join(tmpdir(), 'muster-test-')),
        throwaway: true,
      });
  const server = external ?? embedded?.url ?? '';
  const template = `${prefix}_template`;
  const dropAll = async () => {
    for (const name of await listTestDatabases(server, prefix)) {
      await administer(server, `drop database if exists "${name}" with (force)`);
    }
  };
  try {
    await administer(server, `create database "${template}" template template0 encoding 'UTF8'`);
    await migrate(urlOf(server, template));
  } catch (error) {
    await dropAll();
    await embedded?.stop();
    throw error;
  }
  project.provide('databases', { server, prefix });

  return async () => {
    try {
      const names = await listTestDatabases(server, prefix);
      const written = names
        .filter((name) => name.includes('_of_'))
        .map((name) => ({ name, url: urlOf(server, name) }));
      await verifyAll(written);
      await compareWithSamples(written);
    } finally {
      if (embedded) await embedded.stop();
      else await dropAll();
    }
  };
}

/** Fails the run when any test has left a score that its log does not explain. */
async function verifyAll(databases: readonly { name: string; url: string }[]): Promise<void> {
  const file = fileURLToPath(new URL('../../src/metrics/verify.ts', import.meta.url));
  if (!existsSync(file) || databases.length === 0) return;
  const { verifyLedger }: { verifyLedger: VerifyLedger } = await import(file);
  let wrong = 0;
  for (const { name, url } of databases) {
    for (const discrepancy of await verifyLedger(url)) {
      wrong += 1;
      console.error(`ledger:verify ${name}: ${discrepancy}`);
    }
  }
  console.log(`ledger:verify: ${databases.length} databases, ${wrong} discrepancies`);
  if (wrong > 0) process.exitCode = 1;
}

/** Fails the run when a test has made a domain write a payload that is like no stored sample of its version. */
async function compareWithSamples(databases: readonly { url: string }[]): Promise<void> {
  const found = new Set<string>();
  for (const { url } of databases) {
    for (const sentence of await unlikeSamples(url)) found.add(sentence);
  }
  for (const sentence of found) console.error(`samples: ${sentence}`);
  if (found.size > 0) process.exitCode = 1;
}
