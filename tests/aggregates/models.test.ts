// The names and types that the compiler takes for granted, against the catalogue of a migrated database.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allModels } from '../../src/aggregates/models.ts';
import type { Database } from '../../src/database/database.ts';
import { connectedDatabase } from '../support/seed.ts';

let db: Database;

beforeAll(async () => {
  db = await connectedDatabase();
});

afterAll(() => db.close());

test('every model has its table, every column its name, and days are days', async () => {
  const { rows } = await db.pool.query<{ name: string; type: string }>(
    `SELECT table_name || '.' || column_name AS name, data_type AS type
     FROM information_schema.columns WHERE table_schema = 'public'`,
  );
  const types = new Map(rows.map(({ name, type }) => [name, type]));
  const models = allModels();
  expect(models.length).toBeGreaterThan(30);
  for (const { table, fields } of models) {
    for (const field of fields.values()) {
      if (field.kind !== 'column') continue;
      const name = `${table}.${field.column}`.replaceAll('"', '');
      expect(types.get(name), name).toBeDefined();
      expect(types.get(name) === 'date', name).toBe(field.isDay);
      expect(types.get(name) === 'ARRAY', name).toBe(field.isList);
    }
  }
});

test('every relation joins columns that are there', async () => {
  for (const { name, fields } of allModels()) {
    for (const field of fields.values()) {
      if (field.kind !== 'relation') continue;
      const other = allModels().find((model) => model.name === field.model);
      const has = (columns: typeof fields, column: string) =>
        [...columns.values()].some((one) => one.kind === 'column' && one.column === column);
      expect(has(fields, field.from), `${name}: ${field.from}`).toBe(true);
      expect(other && has(other.fields, field.to), `${name}: ${field.to}`).toBe(true);
    }
  }
});
