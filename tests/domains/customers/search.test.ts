import { beforeAll, describe, expect, test } from 'vitest';
import { createDatabase } from '../../../src/database/database.ts';
import { kysely } from '../../../src/database/statements.ts';
import { transact } from '../../../src/database/transact.ts';
import { systemViewer } from '../../../src/database/viewer.ts';
import { importCustomers } from '../../../src/domains/customers/import.ts';
import { importContacts } from '../../../src/domains/customers/import-contacts.ts';
import type { Slice } from '../../../src/domains/customers/list.ts';
import {
  foundStatement,
  listPlaces,
  walkStatement,
} from '../../../src/domains/customers/list-store.ts';
import { foldName, searchTerms } from '../../../src/domains/customers/search-text.ts';
import { type TestApp, testApp } from '../../support/app.ts';
import { type Actor, type Organization, org } from '../../support/seed.ts';
import { type MadeUpCustomer, madeUpCustomers } from './made-up-customers.ts';
import { create, list } from './world.ts';

const COUNT = 4_000;
const made: MadeUpCustomer[] = [...madeUpCustomers(COUNT)];

let app: TestApp;
let admin: Organization;
let rep: Actor;

beforeAll(async () => {
  app = await testApp();
  admin = await org(app.app.db);
  rep = await admin.rep();
  const { db } = app.app;
  const viewer = systemViewer(admin.organizationId, admin.memberId, 'test');
  for (let at = 0; at < COUNT; at += 500) {
    const batch = made.slice(at, at + 500);
    await transact(db, viewer, 'importCustomers', {}, async (tx) => {
      const results = await importCustomers(
        tx,
        batch.map(({ name, region, phones }, index) => ({
          externalId: String(at + index),
          name,
          region,
          phones,
          createdAt: new Date(Date.UTC(2020, 0, 1) + (at + index) * 60_000),
        })),
      );
      const contacts = batch.flatMap((customer, index) => {
        const result = results[index];
        if (!result || result.outcome === 'REFUSED') throw new Error('refused');
        return customer.contacts.map(({ name, phone }, person) => ({
          externalId: `${at + index}-${person}`,
          customerId: result.id,
          name,
          phones: [phone],
        }));
      });
      for (let from = 0; from < contacts.length; from += 500) {
        await importContacts(tx, contacts.slice(from, from + 500));
      }
      return {};
    });
  }
  await db.pool.query('vacuum analyze customer');
}, 120_000);

/** Indexes of those that contain it, the newest first. */
function expected(search: string): number[] {
  const words = search.split(' ').map(foldName);
  const contains = (customer: MadeUpCustomer, word: string) => {
    const names = [customer.name, ...customer.contacts.map(({ name }) => name)].map(foldName);
    const phones = [...customer.phones, ...customer.contacts.map(({ phone }) => phone)];
    const isNumber = /^\d{3,}$/.test(word);
    return [...names, ...(isNumber ? phones : [])].some((text) => text.includes(word));
  };
  return made
    .flatMap((customer, index) => (words.every((word) => contains(customer, word)) ? [index] : []))
    .reverse();
}

/** Some of every kind: frequent and rare, of names and contacts and phones, present and absent. */
function searches(): string[] {
  const some = made.filter((_, index) => index % 160 === 7);
  const parts = some.flatMap(({ name, phones, contacts }, index) => {
    const characters = [...name];
    const at = index % Math.max(1, characters.length - 1);
    const phone = phones[0] ?? contacts[0]?.phone ?? '13800138000';
    return [
      characters
        .slice(at, at + 2)
        .join('')
        .trim(),
      characters
        .slice(at, at + 3)
        .join('')
        .trim(),
      contacts[0]?.name ?? '',
      phone.slice(index % 7, (index % 7) + 4),
    ];
  });
  return [
    ...new Set([
      ...parts,
      '公',
      '有限',
      '司公',
      '技科',
      '上海 科技',
      'acme ltd',
      '138',
      '北京 1390',
    ]),
  ].filter((search) => [...search].length > 0);
}

describe(`among ${COUNT} customers`, () => {
  test('a search finds what contains it, all of it and nothing else, in order', async () => {
    let found = 0;
    for (const search of searches()) {
      const places = expected(search);
      const result = await list(app, admin, { search, first: 15 });
      expect([search, result.totalCount]).toEqual([search, places.length]);
      expect(result.nodes.map(({ name }) => name)).toEqual(
        places.slice(0, 15).map((index) => made[index]?.name),
      );
      found += result.totalCount;
    }
    expect(found).toBeGreaterThan(5_000);
  });

  test('the second page goes on where the first ends', async () => {
    for (const search of ['有限', '恒', '1389']) {
      const wanted = expected(search).slice(0, 14);
      const first = await list(app, admin, { search, first: 7 });
      const second = await list(app, admin, { search, first: 7, after: first.pageInfo.endCursor });
      const names = [...first.nodes, ...second.nodes].map(({ name }) => name);
      expect(names).toEqual(wanted.map((index) => made[index]?.name));
    }
  });

  test('a filter and a data scope hold in a search', async () => {
    const all = expected('有限').filter((index) => made[index]?.region === '北京');
    const result = await list(app, admin, { search: '有限', filter: { region: { in: ['北京'] } } });
    expect(result.totalCount).toBe(all.length);
    expect((await list(app, rep, { search: '有限' })).totalCount).toBe(0);
    const { id } = await create(app, rep, { name: '我的有限公司' });
    const mine = await list(app, rep, { search: '有限' });
    expect([mine.totalCount, mine.nodes[0]?.id]).toEqual([1, id]);
  });

  test('another organization finds none of them', async () => {
    const other = await org(app.app.db);
    for (const search of ['公司', '有限', '138']) {
      expect((await list(app, other, { search })).totalCount).toBe(0);
    }
  });
});

describe('the plan', () => {
  const slice: Slice = {
    order: [
      { field: 'createdAt', direction: 'DESC' },
      { field: 'id', direction: 'DESC' },
    ],
    size: 21,
    backward: false,
    after: null,
    before: null,
  };
  const listed = (search: string) => ({
    viewer: systemViewer(admin.organizationId, admin.memberId, 'test'),
    filter: {},
    terms: searchTerms(search),
  });

  async function explain(statement: ReturnType<typeof walkStatement>): Promise<string> {
    const { sql, parameters } = statement.compile(kysely);
    const { rows } = await app.app.db.pool.query<{ 'QUERY PLAN': string }>({
      text: `explain ${sql}`,
      values: [...parameters],
    });
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  }

  test.each(['恒天', '1380', '上海 1390', '某某某'])(
    'of what %s finds is the index of grams',
    async (search) => {
      const plan = await explain(foundStatement(listed(search), slice, 50_000));
      expect(plan).toMatch(/Bitmap Index Scan on customer_search_grams_idx/);
      expect(plan).not.toMatch(/Seq Scan/);
    },
  );

  test('of the walk is the index of the order, and no sort', async () => {
    const plan = await explain(walkStatement(listed('有限'), slice, 1_000));
    expect(plan).toMatch(/Index Scan Backward using customer_organization_id_created_at_id_idx/);
    expect(plan).not.toMatch(/Sort/);
  });

  test('a frequent term asks no more than the walk, a rare one the index after it', async () => {
    const { url } = app.app.db;
    const watched = createDatabase({ url, size: 1, pipeline: true });
    const sent: string[] = [];
    const query = watched.pool.query.bind(watched.pool);
    Object.assign(watched.pool, {
      query: (config: { text: string }) => {
        sent.push(config.text);
        return query(config);
      },
    });
    try {
      expect(await listPlaces(watched, listed('有限'), slice)).toHaveLength(21);
      expect(sent).toHaveLength(1);
      await listPlaces(watched, listed('某某'), slice);
      expect(sent).toHaveLength(3);
      expect(sent[2]).toMatch(/^with found as materialized/);
    } finally {
      await watched.close();
    }
  });
});
