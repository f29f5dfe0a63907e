import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { readTail } from '../../src/events/log.ts';
import { declareUpcaster, outdatedVersions } from '../../src/events/upcasters.ts';
import '../../src/schema.ts';
import { testDatabase } from '../support/database.ts';
import { writtenTypes } from '../support/event-samples.ts';
import { logWriter, openDatabase } from './log-writer.ts';

const samples = new URL('./samples/', import.meta.url);
const sampled = readdirSync(samples).filter((name) => name.endsWith('.json'));
const outdated = [...outdatedVersions()];

declareUpcaster('thing.renamed', 1, ({ was, ...payload }) => ({ ...payload, from: was ?? null }));
declareUpcaster('thing.renamed', 2, (payload) => ({ ...payload, unit: 'CNY' }));

let db: Database;
beforeAll(async () => {
  db = openDatabase(await testDatabase());
});
afterAll(() => db.close());

test('every version that is no longer written has a stored sample', () => {
  expect(outdated.filter((version) => !sampled.includes(`${version}.json`))).toEqual([]);
});

test('every type of event that a domain writes has a stored sample', () => {
  const types = new Set(sampled.map((name) => name.split('@')[0]));
  expect(writtenTypes().filter((type) => !types.has(type))).toEqual([]);
  expect(writtenTypes().length).toBeGreaterThan(70);
});

test('stored samples of every version replay as what is written today', async () => {
  for (const file of sampled) {
    const { stored, current } = JSON.parse(readFileSync(new URL(file, samples), 'utf8'));
    const [type = '', version] = file.replace('.json', '').split('@');
    const writer = await logWriter(db);
    await writer.write({ type, version: Number(version), payload: stored });
    const [event] = await readTail(
      db.pool,
      writer.organizationId,
      { position: 0, loggedAt: null },
      1,
    );
    expect({ file, payload: event?.payload }).toEqual({ file, payload: current });
  }
});

test('an old payload is read through every later version, a new one as it is', async () => {
  const writer = await logWriter(db);
  const type = 'thing.renamed';
  await writer.write(
    { type, version: 1, payload: { was: 'a', to: 'b' } },
    { type, version: 2, payload: { from: 'b', to: 'c' } },
    { type, version: 3, payload: { from: 'c', to: 'd', unit: 'USD' } },
  );
  const events = await readTail(db.pool, writer.organizationId, { position: 0, loggedAt: null }, 9);
  expect(events.map(({ version, payload }) => ({ version, ...payload }))).toEqual([
    { version: 3, from: 'a', to: 'b', unit: 'CNY' },
    { version: 3, from: 'b', to: 'c', unit: 'CNY' },
    { version: 3, from: 'c', to: 'd', unit: 'USD' },
  ]);
});

test('a version is upcast in one way only', () => {
  expect(() => declareUpcaster('thing.renamed', 1, (payload) => payload)).toThrow('already');
});
