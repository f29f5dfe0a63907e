// The reader's contract: with any arguments, what Prisma would give of what the viewer may see; in one statement.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import '../../src/schema.ts';
import { createDatabase, type Database } from '../../src/database/database.ts';
import { readerFor } from '../../src/database/reader.ts';
import { isOpen, rowScope } from '../../src/database/row-scope.ts';
import type { MemberViewer } from '../../src/database/viewer.ts';
import { Prisma } from '../../src/generated/prisma/client.ts';
import { statementsOf } from '../domains/tasks/statements.ts';
import { testDatabase } from '../support/database.ts';
import { fc } from '../support/properties.ts';
import { Reference } from './read/reference.ts';
import { delegateOf, described, keyOf, type Row, World } from './read/rows.ts';
import { type Tree, Trees } from './read/trees.ts';

const MINE = '11111111-0000-4000-8000-000000000000';
const THEIRS = '22222222-0000-4000-8000-000000000000';

/** The models with a declared scope that belong to an organization; comments are shown record by record. */
const readable = Object.keys(described).filter((model) => {
  if (model === 'Comment') return false;
  try {
    rowScope(model);
    return true;
  } catch {
    return false;
  }
});

/** By joins, Prisma 7.10 reads the decimals of related records as floats. */
const EXACT = { relationLoadStrategy: 'query' };

let db: Database;
const world = { rows: new Map<string, Row[]>() };

beforeAll(async () => {
  db = createDatabase({ url: await testDatabase({ verified: false }), size: 8, pipeline: true });
  const made = new World(db.prisma);
  await made.fill(MINE, 14);
  await made.fill(THEIRS, 6);
  world.rows = made.rows;
}, 60_000);
afterAll(() => db.close());

function viewer(visible: 'ALL' | number): MemberViewer {
  const members = (world.rows.get('Member') ?? []).filter((row) => row.organizationId === MINE);
  const [first] = members;
  return {
    kind: 'member',
    organizationId: MINE,
    memberId: String(first?.id),
    role: visible === 'ALL' ? 'ADMIN' : 'MEMBER',
    dataScope: visible === 'ALL' ? 'ORGANIZATION' : 'TEAM',
    visibleMembers:
      visible === 'ALL' ? 'ALL' : new Set(members.slice(0, visible).map(({ id }) => String(id))),
    grants: new Set(['READ', 'WRITE', 'ADMIN']),
    tokenId: 'test',
    callerKey: 'test',
  };
}

/** What the viewer may see, read one model at a time by Prisma. */
async function referenceFor(who: MemberViewer): Promise<Reference> {
  const visible = new Map<string, Row[]>();
  for (const model of readable) {
    const scope = rowScope(model)(who);
    const mine = model === 'Organization' ? { id: MINE } : { organizationId: MINE };
    const select = Object.fromEntries(keyOf(model).map((name) => [name, true]));
    const where = { AND: [mine, ...(scope === null ? [] : [scope])] };
    visible.set(model, await delegateOf(db.prisma, model).findMany({ where, select }));
  }
  return new Reference(visible);
}

/** With the class of every value in it, so that 1 is not '1' and a moment is no text. */
function told(value: unknown): unknown {
  if (value === undefined || value === null) return value;
  if (Prisma.Decimal.isDecimal(value)) return `decimal ${value.toFixed()}`;
  if (value instanceof Date) return `moment ${value.toISOString()}`;
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`;
  if (typeof value === 'bigint') return `bigint ${value}`;
  if (Array.isArray(value)) return value.map(told);
  if (typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, told(inner)]));
}

const trees = () =>
  new Trees(
    readable,
    new Map(
      [...world.rows].map(([model, rows]) => [
        model,
        rows.filter((row) => row.organizationId === MINE || row.id === MINE),
      ]),
    ),
    isOpen,
  );

test('there are rows of every model, nulls and ties among them', () => {
  const thin = readable.filter((model) => (world.rows.get(model)?.length ?? 0) < 2);
  expect(thin).toEqual([]);
});

describe.each([
  ['everything', 'ALL' as const],
  ['the records of three members', 3],
  ['the records of nobody', 0],
])('to a viewer of %s', (_name, visible) => {
  test('random arguments give what Prisma gives of it', async () => {
    const who = viewer(visible);
    const reference = await referenceFor(who);
    let found = 0;
    const check = async ({ model, args }: Tree) => {
      const expected = await delegateOf(db.prisma, model).findMany({
        ...reference.restricted(model, args),
        ...EXACT,
      });
      const given = await delegateOf(readerFor(db, who), model).findMany(args);
      const pruned = expected.map((row) => reference.pruned(model, args, row));
      expect(told(given)).toEqual(told(pruned));
      found += given.length;
    };
    await fc.assert(fc.asyncProperty(trees().list(), check), { numRuns: 250 });
    expect(found).toBeGreaterThan(100);
  }, 120_000);

  test('so do first records, single ones and counts', async () => {
    const who = viewer(visible);
    const reference = await referenceFor(who);
    const check = async ({ model, args }: Tree) => {
      const mine = delegateOf(readerFor(db, who), model);
      const theirs = delegateOf(db.prisma, model);
      const { where, orderBy, select, include } = args;
      const given = { ...(where !== undefined && { where }) };
      expect(await mine.count(given)).toBe(
        await theirs.count({ where: reference.restricted(model, given).where as object }),
      );
      const part = {
        ...(select !== undefined && { select }),
        ...(include !== undefined && { include }),
      };
      const one = { ...given, orderBy, ...part };
      const first = await theirs.findFirst({ ...reference.restricted(model, one), ...EXACT });
      expect(told(await mine.findFirst(one))).toEqual(
        told(first && reference.pruned(model, one, first)),
      );
      const [key, ...more] = keyOf(model);
      if (key === undefined || more.length > 0) return;
      const ids = (world.rows.get(model) ?? []).slice(0, 3).map((row) => row[key]);
      const singles = await Promise.all(
        ids.map((id) => mine.findUnique({ where: { [key]: id }, ...part })),
      );
      for (const [index, id] of ids.entries()) {
        const expected = await theirs.findFirst({
          ...reference.restricted(model, { where: { [key]: id }, ...part }),
          ...EXACT,
        });
        expect(told(singles[index])).toEqual(
          told(expected && reference.pruned(model, part, expected)),
        );
      }
    };
    await fc.assert(fc.asyncProperty(trees().list(), check), { numRuns: 60 });
  }, 120_000);
});

test('every call is one statement, whatever hangs below', async () => {
  const reader = readerFor(db, viewer(3));
  const check = async ({ model, args }: Tree) => {
    const sent = await statementsOf(() => delegateOf(reader, model).findMany(args));
    expect(sent.map(({ text }) => text.split(' select ')[0])).toEqual([`/* read ${model} */`]);
  };
  await fc.assert(fc.asyncProperty(trees().list(), check), { numRuns: 40 });
});
