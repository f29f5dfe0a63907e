// What the reader does not know it refuses; what it is not given a right to, it does not read.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import '../../src/schema.ts';
import { createDatabase, type Database } from '../../src/database/database.ts';
import { newId } from '../../src/database/ids.ts';
import { UnreadableArguments } from '../../src/database/read/errors.ts';
import { models } from '../../src/database/read/model.ts';
import { type Reader, readerFor } from '../../src/database/reader.ts';
import { type MemberViewer, systemViewer } from '../../src/database/viewer.ts';
import { statementsOf } from '../domains/tasks/statements.ts';
import { testDatabase } from '../support/database.ts';
import { delegateOf } from './read/rows.ts';

let db: Database;
let reader: Reader;
const organizationId = newId();
const viewer: MemberViewer = systemViewer(organizationId, newId(), 'test');

beforeAll(async () => {
  db = createDatabase({ url: await testDatabase(), size: 4, pipeline: true });
  reader = readerFor(db, viewer);
});
afterAll(() => db.close());

test('the models are the tables of the catalogue, by name and column', async () => {
  const { rows } = await db.pool.query<{ table: string; columns: string[]; key: string[] }>(`
    select c.relname as table, array_agg(a.attname::text order by a.attname) as columns,
      (select array_agg(k.attname::text order by array_position(i.indkey::integer[], k.attnum::integer))
       from pg_index i join pg_attribute k on k.attrelid = c.oid and k.attnum = any(i.indkey)
       where i.indrelid = c.oid and i.indisprimary) as key
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') group by c.oid, c.relname`);
  const catalogue = new Map(rows.map((row) => [row.table, row]));
  for (const model of models.values()) {
    const table = catalogue.get(model.table);
    const columns = [...model.columns.values()].map(({ column }) => column).sort();
    expect({
      model: model.name,
      columns: table?.columns.filter((name) => columns.includes(name)),
    }).toEqual({ model: model.name, columns });
    expect({ model: model.name, key: table?.key }).toEqual({ model: model.name, key: model.key });
  }
});

test('every relation is a foreign key of the catalogue to an id', async () => {
  const { rows } = await db.pool.query<{ pair: string }>(`
    select f.conrelid::regclass || '.' || k.attname || ' ' || f.confrelid::regclass || '.' || r.attname as pair
    from pg_constraint f
    join pg_attribute k on k.attrelid = f.conrelid and f.conkey[1] = k.attnum
    join pg_attribute r on r.attrelid = f.confrelid and f.confkey[1] = r.attnum
    where f.contype = 'f' and cardinality(f.conkey) = 1`);
  const keys = new Set(rows.map(({ pair }) => pair));
  const missing = [...models.values()].flatMap((model) =>
    [...model.relations.values()].flatMap((relation) => {
      const other = models.get(relation.model)?.table;
      const pair =
        relation.theirs === 'id'
          ? `${model.table}.${relation.ours} ${other}.id`
          : `${other}.${relation.theirs} ${model.table}.id`;
      return keys.has(pair) ? [] : [`${model.name}.${relation.name}: ${pair}`];
    }),
  );
  expect(missing).toEqual([]);
});

describe('refused, before anything is sent, is', () => {
  const nothing = undefined;
  test.each<[string, object]>([
    ['undefined in a condition', { where: { id: nothing } }],
    ['undefined deep in a condition', { where: { AND: [{ OR: [{ name: { in: nothing } }] }] } }],
    ['undefined in a list of values', { where: { name: { in: ['a', nothing] } } }],
    ['null in a list of values', { where: { name: { in: ['a', null] } } }],
    ['undefined as a condition', { where: nothing }],
    ['undefined as a size', { take: nothing }],
    ['undefined below', { select: { opportunities: { where: { name: nothing } } } }],
    ['an unknown argument', { wheer: {} }],
    ['a cursor', { cursor: { id: newId() } }],
    ['distinct', { distinct: ['name'] }],
    ['an unknown field', { where: { nmae: 'a' } }],
    ['an unknown operator', { where: { name: { matches: 'a' } } }],
    ['an operator of another type', { where: { foundedYear: { contains: '1' } } }],
    ['an empty filter', { where: { name: {} } }],
    ['an empty condition in OR', { where: { OR: [{}, { name: 'a' }] } }],
    ['an empty condition in NOT', { where: { NOT: {} } }],
    ['a relation asked for nothing', { where: { owner: {} } }],
    ['a list asked for nothing', { where: { tasks: {} } }],
    ['a list asked like one record', { where: { tasks: { is: { title: 'a' } } } }],
    ['text in place of a condition', { where: 'id = 1' }],
    ['an array as a value', { where: { name: ['a'] } }],
    ['an object as a value', { where: { name: { equals: { raw: '1' } } } }],
    ['a size from the end', { take: -1 }],
    ['a size that is a text', { take: '1; drop table customer' }],
    ['a fraction', { skip: 1.5 }],
    ['an unknown column to select', { select: { nmae: true } }],
    ['a selection of nothing', { select: { id: false } }],
    ['select and include', { select: { id: true }, include: { owner: true } }],
    ['a column to include', { include: { name: true } }],
    ['a condition on one record', { include: { owner: { where: { name: 'a' } } } }],
    ['an unknown direction', { orderBy: { name: 'asc; drop table customer' } }],
    ['an order by two at once', { orderBy: { name: 'asc', id: 'asc' } }],
    ['an order by a list', { orderBy: { tasks: { _count: 'asc' } } }],
  ])('%s', async (_name, args) => {
    const sent = await statementsOf(async () => {
      const refused = delegateOf(reader, 'Customer').findMany(args);
      await expect(refused).rejects.toThrow(UnreadableArguments);
    });
    expect(sent).toEqual([]);
  });

  test.each([{}, { name: 'a' }, { id: null }, { id: { in: [] } }, { id: undefined }])(
    'a single record by %j',
    async (where) => {
      const refused = delegateOf(reader, 'Customer').findUnique({ where });
      await expect(refused).rejects.toThrow(UnreadableArguments);
    },
  );

  test('a model without a declared row scope, on every way to it', async () => {
    await expect(delegateOf(reader, 'Event').findMany()).rejects.toThrow('Event has no row scope');
    await expect(delegateOf(reader, 'SignInFailure').count()).rejects.toThrow('no row scope');
  });
});

test('a reader has nothing to write with and no raw SQL', () => {
  const delegate = Reflect.get(reader, 'customer') as object;
  for (const method of ['create', 'update', 'upsert', 'delete', 'deleteMany', 'updateMany']) {
    expect(Reflect.get(delegate, method)).toBeUndefined();
  }
  for (const method of [
    '$queryRaw',
    '$executeRaw',
    '$queryRawUnsafe',
    '$transaction',
    '$extends',
  ]) {
    expect(Reflect.get(reader, method)).toBeUndefined();
  }
});

test('an OR of nothing is never true, wherever it stands', async () => {
  await db.prisma.organization.create({ data: { ...ORGANIZATION, id: organizationId } });
  const count = (where: object) => delegateOf(reader, 'Organization').count({ where });
  expect(await count({})).toBe(1);
  expect(await count({ OR: [] })).toBe(0);
  expect(await count({ AND: [{ OR: [] }] })).toBe(0);
});

test('a display sees no rows at all', async () => {
  const display = readerFor(db, {
    ...{ kind: 'display', organizationId, tokenId: 'screen', callerKey: 'screen' },
    leaderboardIds: new Set([newId()]),
  });
  for (const model of ['Organization', 'Member', 'Team', 'Customer', 'TaskWatcher']) {
    expect(await delegateOf(display, model).findMany()).toEqual([]);
    expect(await delegateOf(display, model).count()).toBe(0);
  }
});

test('single records that are asked for together are one statement', async () => {
  const ids = [newId(), organizationId, newId()];
  const select = { name: true };
  const asked = () =>
    Promise.all(ids.map((id) => reader.organization.findUnique({ where: { id }, select })));
  const sent = await statementsOf(async () => {
    expect(await asked()).toEqual([null, { name: ORGANIZATION.name }, null]);
  });
  expect(sent).toHaveLength(1);
});

test('a single record that must be there and is not is an error of Prisma’s', async () => {
  const missing = reader.organization.findUniqueOrThrow({ where: { id: newId() } });
  await expect(missing).rejects.toMatchObject({ code: 'P2025' });
  await expect(reader.member.findFirstOrThrow()).rejects.toMatchObject({ code: 'P2025' });
});

test('plans are kept, but not of what is asked of many', async () => {
  const one = createDatabase({ url: db.url, size: 1, pipeline: true });
  const ask = (count: number) =>
    readerFor(one, viewer).team.findMany({
      where: { id: { in: Array.from({ length: count }, newId) } },
    });
  const kept = async () => {
    const { rows } = await one.pool.query(
      "SELECT 1 FROM pg_prepared_statements WHERE statement LIKE '/* read Team */%'",
    );
    return rows.length;
  };
  await ask(11);
  expect(await kept()).toBe(0);
  await ask(10);
  await ask(2);
  expect(await kept()).toBe(1);
  await one.close();
});

test('the number of rows stands in the text, all else is a parameter', async () => {
  const sent = await statementsOf(() =>
    reader.customer.findMany({ where: { name: 'x' }, take: 21, include: { tasks: { take: 4 } } }),
  );
  expect(sent[0]?.text).toMatch(/limit 21\b/);
  expect(sent[0]?.text).toMatch(/limit 4\b/);
  expect(sent[0]?.text).not.toContain("'x'");
});

const ORGANIZATION = {
  ...{ key: 'refusals', name: 'Test', timeZone: 'UTC', firstDayOfWeek: 1, fiscalMonthEnd: 31 },
  ...{ fiscalYearStartMonth: 1, currency: 'CNY', locale: 'zh-CN' },
};
