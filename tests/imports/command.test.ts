import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { folderOf } from './support.ts';

const root = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url));

interface Ended {
  code: number | null;
  out: string;
  errors: string;
}

/** As `npm run import -- ...` would run it. */
function run(databaseUrl: string, ...args: string[]): Promise<Ended> {
  const command = [root('src/commands/import.ts'), ...args];
  const environment = { ...process.env, DATABASE_URL: databaseUrl, NODE_OPTIONS: '' };
  const child = spawn(process.execPath, command, { env: environment });
  const ended: Ended = { code: null, out: '', errors: '' };
  child.stdout.on('data', (text) => {
    ended.out += text;
  });
  child.stderr.on('data', (text) => {
    ended.errors += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ ...ended, code }));
  });
}

describe('npm run import', { timeout: 60_000 }, () => {
  let database: string;
  let folder: string;
  let mapping: string;
  beforeAll(async () => {
    database = await testDatabase();
    folder = folderOf({ 'p.csv': 'id,name,price\n1,Widget,2\n2,Gadget,x\n' });
    mapping = path.join(folder, 'mapping.json');
    const organization = {
      key: 'shop',
      name: 'Shop',
      timeZone: 'UTC',
      administrator: { employeeNumber: 'BOSS', name: 'Boss' },
    };
    const products = [{ file: 'p.csv', externalId: 'id', name: 'name', listPrice: 'price' }];
    writeFileSync(mapping, JSON.stringify({ currency: 'USD', organization, products }));
  });

  it('ends with 1 when lines were refused, with a table of what it did', async () => {
    const { code, out, errors } = await run(database, folder, '--mapping', mapping);
    expect(errors).toBe('');
    expect(code).toBe(1);
    expect(out).toMatch(/^ +read +created +updated +unchanged +repeated +refused$/m);
    expect(out).toMatch(/^products +2 +1 +0 +0 +0 +1$/m);
    expect(out).toContain(`See ${path.join(folder, 'p.refused.csv')}.`);
    expect(out).toMatch(/Sign in as BOSS with the password \S{10,}, which is shown this once/);
    expect(out).toMatch(/^2 lines in .* went into Shop \(shop\)\.$/m);
  });

  it('ends with 0 when all went in, and says that a dry run wrote nothing', async () => {
    const good = folderOf({ 'p.csv': 'id,name,price\n1,Widget,2\n' });
    const { code, out } = await run(database, good, '--mapping', mapping, '--dry-run');
    expect(code).toBe(0);
    expect(out).toMatch(/^products +1 +0 +0 +1 +0 +0$/m);
    expect(out).toMatch(/would go into Shop \(shop\); nothing was written\.$/m);
  });

  it('ends with 2 and one sentence when nothing could be done', async () => {
    const none = folderOf({});
    const missing = await run(database, none, '--mapping', mapping);
    expect(missing).toMatchObject({ code: 2, out: '' });
    expect(missing.errors).toBe(`${none} has no file p.csv, which the mapping names.\n`);

    const odd = path.join(none, 'odd.json');
    writeFileSync(odd, '{ "currency": "USD", "products": [{ "file": "p.csv" }] }');
    const invalid = await run(database, none, '--mapping', odd);
    expect(invalid.code).toBe(2);
    expect(invalid.errors).toContain('products[0]: "externalId" is missing');

    const asked = await run(database, folder);
    expect(asked.code).toBe(2);
    expect(asked.errors).toContain("required option '--mapping <file>' not specified");
  });
});
