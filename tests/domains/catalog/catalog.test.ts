import { beforeAll, describe, expect, test } from 'vitest';
import { encodeGlobalId } from '../../../src/api/global-ids.ts';
import { transact } from '../../../src/database/transact.ts';
import type { MemberViewer } from '../../../src/database/viewer.ts';
import { importProducts, type ProductRow } from '../../../src/domains/catalog/import.ts';
import {
  findProductByNameOrAlias,
  findProductsByNameOrAlias,
} from '../../../src/domains/catalog/service.ts';
import { type TestApp, testApp } from '../../support/app.ts';
import { type Actor, type Organization, org } from '../../support/seed.ts';
import { logged, mutate, uuidOf } from '../customers/world.ts';

let app: TestApp;
let admin: Organization;
let viewer: MemberViewer;
let rep: Actor;

beforeAll(async () => {
  app = await testApp();
  admin = await org(app.app.db);
  viewer = await admin.viewer();
  rep = await admin.rep();
});

interface Product {
  id: string;
  version: number;
  name: string;
  aliases: string[];
  [field: string]: unknown;
}

const send = (actor: Actor, name: string, input: Record<string, unknown>) =>
  mutate(app, actor, name, 'product', input);
const create = async (input: Record<string, unknown>) =>
  (await send(admin, 'createProduct', input)).product as Product;

const find = (name: string) =>
  transact(app.app.db, viewer, 'find', {}, async (tx) => ({
    id: await findProductByNameOrAlias(tx, name),
  })).then(({ id }) => id);

describe('a product', () => {
  test('is created, found by all its names, and changed', async () => {
    const made = await create({
      name: 'GTX Pro',
      series: 'GTX',
      listPrice: '4821',
      aliases: ['GTXPro', 'ｇｔｘ　pro', '显卡专业版'],
    });
    expect(made).toMatchObject({
      version: 1,
      listPrice: '4821',
      active: true,
      aliases: ['GTXPro', '显卡专业版'],
    });
    for (const name of ['gtx pro', 'GTXPRO', ' GTX   Pro ', '显卡专业版']) {
      expect(await find(name)).toBe(uuidOf(made.id));
    }
    expect(await find('GTX')).toBeNull();
    const update = (input: Record<string, unknown>) =>
      send(admin, 'updateProduct', { id: made.id, ...input });
    expect(
      (await update({ expectedVersion: 1, name: 'GTX Ultra', aliases: ['GTX Pro'], active: false }))
        .product,
    ).toMatchObject({ version: 2, name: 'GTX Ultra', aliases: ['GTX Pro'], active: false });
    expect(await find('GTXPro')).toBeNull();
    expect(await find('gtx pro')).toBe(uuidOf(made.id));
    expect((await update({ expectedVersion: 2, listPrice: '4821.00' })).product).toMatchObject({
      version: 2,
    });
    expect(await update({ expectedVersion: 1, series: null })).toMatchObject({ code: 'CONFLICT' });
    expect(
      (await update({ expectedVersion: 2, series: null, listPrice: null })).product,
    ).toMatchObject({ version: 3, series: null, listPrice: null });
    expect(await logged(app, made.id)).toEqual([
      'product.created',
      'product.updated',
      'product.updated',
    ]);
  });

  test('gives its names up only for itself', async () => {
    await create({ name: '甲型', aliases: ['A型'] });
    const other = await create({ name: '乙型', externalId: 'B' });
    for (const [name, aliases, path] of [
      ['甲型', [], 'name'],
      ['a型', [], 'name'],
      ['丙型', ['甲型'], 'aliases'],
    ] as const) {
      const outcome = await send(admin, 'createProduct', { name, aliases });
      expect(outcome).toMatchObject({ code: 'ALREADY_EXISTS', path: ['input', path] });
    }
    expect(
      await send(admin, 'updateProduct', { id: other.id, expectedVersion: 1, aliases: ['Ａ型'] }),
    ).toMatchObject({ code: 'ALREADY_EXISTS', path: ['input', 'aliases'] });
    expect(await send(admin, 'createProduct', { name: '丁型', externalId: 'B' })).toMatchObject({
      code: 'ALREADY_EXISTS',
      path: ['input', 'externalId'],
    });
    expect(await find('丙型')).toBeNull();
    expect(await find('丁型')).toBeNull();
    expect(await logged(app, other.id)).toEqual(['product.created']);
  });

  test('keeps its names when many want them at once, as name or alias', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        send(
          admin,
          'createProduct',
          index % 2 === 0
            ? { name: '抢手型号', aliases: [`别名${index}`] }
            : { name: `型号${index}`, aliases: ['抢手型号'] },
        ),
      ),
    );
    expect(outcomes.filter(({ product }) => product)).toHaveLength(1);
    expect(outcomes.filter(({ code }) => code === 'ALREADY_EXISTS')).toHaveLength(11);
  });

  test('is refused when something is wrong with it', async () => {
    for (const [input, path] of [
      [{ name: ' ' }, 'name'],
      [{ name: 'x', listPrice: '-1' }, 'listPrice'],
      [{ name: 'x', aliases: Array.from({ length: 101 }, (_, index) => `a${index}`) }, 'aliases'],
      [{ name: 'x', series: '长'.repeat(201) }, 'series'],
    ] as const) {
      const outcome = await send(admin, 'createProduct', input);
      expect(outcome).toMatchObject({ code: 'INVALID_INPUT', path: ['input', path] });
    }
    const unknown = encodeGlobalId('Product', '00000000-0000-7000-8000-000000000000');
    const update = { id: unknown, expectedVersion: 1, name: 'x' };
    expect(await send(admin, 'updateProduct', update)).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('who may change the catalogue', () => {
  test.each<[string, () => Promise<Actor>, string | null]>([
    ['an administrator', () => admin.admin(), null],
    ['a manager of everything', () => admin.manager({ scope: 'ORGANIZATION' }), null],
    ['a manager of a team', () => admin.manager(), 'NOT_ALLOWED'],
    ['a member who sees everything', () => admin.rep({ scope: 'ORGANIZATION' }), 'NOT_ALLOWED'],
    ['a member', () => admin.rep(), 'NOT_ALLOWED'],
    ['somebody else', () => org(app.app.db), 'NOT_FOUND'],
  ])('%s', async (name, made, code) => {
    const actor = await made();
    const product = await create({ name: `权限 ${name}` });
    const update = { id: product.id, expectedVersion: 1, series: 'X' };
    const outcome = await send(actor, 'updateProduct', update);
    expect(outcome.code ?? null).toBe(code);
    const events = ['product.created', ...(code ? [] : ['product.updated'])];
    expect(await logged(app, product.id)).toEqual(events);
  });
});

test('everybody sees the catalogue of the own organization, by name', async () => {
  const mine = await org(app.app.db);
  const member = await mine.rep();
  const add = (input: Record<string, unknown>) => send(mine, 'createProduct', input);
  await add({ name: 'MG Special', series: 'MG' });
  await add({ name: 'GTX Basic', series: 'GTX', aliases: ['入门'] });
  await add({ name: 'GTX Plus', series: 'GTX', active: false });
  const names = async (actor: Actor, variables: Record<string, unknown>) => {
    const { products } = await app.expectData<{
      products: { nodes: { name: string }[]; totalCount: number };
    }>(
      'query ($filter: ProductFilter, $search: String) { products(filter: $filter, search: $search) { nodes { name } totalCount } }',
      variables,
      { token: actor.token },
    );
    expect(products.totalCount).toBe(products.nodes.length);
    return products.nodes.map(({ name }) => name);
  };
  expect(await names(member, {})).toEqual(['GTX Basic', 'GTX Plus', 'MG Special']);
  expect(await names(member, { filter: { series: ['GTX'], active: true } })).toEqual(['GTX Basic']);
  expect(await names(member, { search: 'ｐＬus' })).toEqual(['GTX Plus']);
  expect(await names(member, { search: '入' })).toEqual(['GTX Basic']);
  expect(await names(member, { search: '%' })).toEqual([]);
  expect(await names(rep, { search: 'MG' })).toEqual([]);
});

describe('an import', () => {
  const run = async (rows: ProductRow[]) => {
    const { results } = await transact(app.app.db, viewer, 'import', {}, async (tx) => ({
      results: await importProducts(tx, rows),
    }));
    return results;
  };
  const outcomes = async (rows: ProductRow[]) =>
    (await run(rows)).map((result) =>
      result.outcome === 'REFUSED' ? result.error.code : result.outcome,
    );

  test('creates, updates, leaves alone and refuses', async () => {
    const rows: ProductRow[] = [
      { externalId: 'i1', name: '进口一', listPrice: '55', aliases: ['进口壹'] },
      { externalId: 'i2', name: '进口二' },
    ];
    expect(await outcomes(rows)).toEqual(['CREATED', 'CREATED']);
    expect(await outcomes(rows)).toEqual(['UNCHANGED', 'UNCHANGED']);
    expect(
      await outcomes([
        { externalId: 'i1', name: '进口一', listPrice: '56' },
        { externalId: 'i2', name: '进口壹' },
        { externalId: 'i3', name: '' },
        { name: '进口二', series: '老' },
        { name: '进口三' },
        { name: '进口三' },
      ]),
    ).toEqual(['UPDATED', 'ALREADY_EXISTS', 'INVALID_INPUT', 'UPDATED', 'CREATED', 'UNCHANGED']);
    const found = await transact(app.app.db, viewer, 'find', {}, async (tx) => ({
      map: await findProductsByNameOrAlias(tx, ['进口壹', '进口三', '没有']),
    }));
    expect([...found.map.keys()]).toEqual(['进口壹', '进口三']);
  });

  test('of the same names at once gives each to one product', async () => {
    const rows = Array.from({ length: 20 }, (_, index) => ({ name: `同时 ${index}` }));
    const results = await Promise.all([run(rows), run([...rows].reverse()), run(rows)]);
    const ids = results.flat().map((result) => ('id' in result ? result.id : 'refused'));
    expect(new Set(ids).size).toBe(20);
  });
});
