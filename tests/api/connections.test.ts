// Pages by keyset, through the front door, compared with the whole list sorted by hand.
import { Decimal } from 'decimal.js';
import { specifiedDirectives } from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { authDirective } from '../../src/api/auth-directives.ts';
import { builder } from '../../src/api/builder.ts';
import { connectionObject } from '../../src/api/connection-object.ts';
import { keysetConnection } from '../../src/api/connections.ts';
import { connectionFromRows } from '../../src/api/connections-from-rows.ts';
import { viewerOf } from '../../src/api/context.ts';
import { orderOf } from '../../src/api/model-columns.ts';
import { Product as ProductType } from '../../src/domains/catalog/graphql/types.ts';
import { fc } from '../support/properties.ts';
import '../../src/schema.ts';
import { newId } from '../../src/database/ids.ts';
import { decodeLogCursor } from '../../src/events/log-cursor.ts';
import { authenticate, caller, organizationId } from '../server/fixture.ts';
import { testApp } from '../support/app.ts';

const Rows = connectionObject(ProductType, {
  name: 'RowConnection',
  description: 'Rows.',
  position: true,
});
const KeyDirection = builder.enumType('KeyDirection', {
  description: 'A direction.',
  values: { ASC: { description: 'Up.' }, DESC: { description: 'Down.' } } as const,
});
const Key = builder.inputType('Key', {
  description: 'A column.',
  fields: (t) => ({
    field: t.string({ required: true, description: 'Its name.' }),
    direction: t.field({ type: KeyDirection, required: true, description: 'Its direction.' }),
  }),
});
type Column = 'name' | 'series' | 'listPrice' | 'active' | 'createdAt';
interface Step {
  field: Column;
  direction: 'ASC' | 'DESC';
}

builder.queryFields((t) => ({
  rows: t.connection(
    {
      type: ProductType,
      description: 'Products.',
      args: { by: t.arg({ type: [Key], required: true, description: 'The order.' }) },
      resolve: (_root, { by, ...args }, ctx, info) =>
        keysetConnection(ctx, info, {
          model: 'Product',
          args,
          orderBy: by as Step[],
          position: true,
        }),
    },
    Rows,
  ),
  rowsInMemory: t.connection(
    {
      type: ProductType,
      description: 'The same from an array.',
      args: { by: t.arg({ type: [Key], required: true, description: 'The order.' }) },
      resolve: (_root, { by, ...args }, ctx) => {
        const order = orderOf('Product', by as Step[], viewerOf(ctx).organizationId);
        return connectionFromRows(args, sorted(by as Step[]), order) as never;
      },
    },
    Rows,
  ),
}));
const schema = builder.toSchema({ directives: [...specifiedDirectives, authDirective] });

const muster = await testApp({ schema, authenticate });
const token = caller({ kind: 'member', visibleMembers: 'ALL' });

interface Product {
  id: string;
  name: string;
  series: string | null;
  listPrice: string | null;
  active: boolean;
  createdAt: Date;
}
const products: Product[] = [];

beforeAll(async () => {
  const { prisma } = muster.app.db;
  await prisma.organization.create({ data: organization(organizationId) });
  // Few values and many ties: orders differ only by what comes after them.
  for (let index = 0; index < 40; index += 1) {
    products.push({
      id: newId(),
      name: `n${index % 7}`,
      series: index % 3 === 0 ? null : `s${index % 4}`,
      listPrice: index % 5 === 0 ? null : (['9.5', '10', '100.25', '-3'][index % 4] ?? null),
      active: index % 2 === 0,
      createdAt: new Date(Date.UTC(2026, 0, 1 + (index % 6))),
    });
  }
  await prisma.product.createMany({
    data: products.map((product) => ({ ...product, organizationId })),
  });
  const other = newId();
  await prisma.organization.create({ data: organization(other) });
  await prisma.product.create({
    data: { ...(products[0] as Product), id: newId(), organizationId: other },
  });
});

function organization(id: string) {
  return {
    id,
    key: id,
    name: 'Test',
    timeZone: 'UTC',
    firstDayOfWeek: 1,
    fiscalMonthEnd: 31,
    fiscalYearStartMonth: 1,
    currency: 'USD',
    locale: 'en',
  };
}

/** The order by hand: nulls last, either way; ids in the direction of the last column. */
function sorted(by: readonly Step[]): Product[] {
  const last = by.at(-1)?.direction ?? 'ASC';
  return [...products].sort((left, right) => {
    for (const { field, direction } of by) {
      const [a, b] = [left[field], right[field]];
      if (a === null && b === null) continue;
      if (a === null) return 1;
      if (b === null) return -1;
      const compared =
        field === 'listPrice' ? new Decimal(String(a)).cmp(String(b)) : a < b ? -1 : a > b ? 1 : 0;
      if (compared !== 0) return direction === 'ASC' ? compared : -compared;
    }
    return (left.id < right.id ? -1 : 1) * (last === 'ASC' ? 1 : -1);
  });
}

interface Page {
  totalCount: number;
  position: string;
  edges: { cursor: string; node: { name: string } }[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
}

async function pageOf(list: 'rows' | 'rowsInMemory', variables: object): Promise<Page> {
  const data = await muster.expectData<{ list: Page }>(
    `query ($by: [Key!]!, $first: Int, $after: String, $last: Int, $before: String) {
      list: ${list}(by: $by, first: $first, after: $after, last: $last, before: $before) {
        totalCount edges { cursor node { name } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }`,
    { ...variables },
    { token },
  );
  return data.list;
}

const ORDERS: Step[][] = [
  [],
  [{ field: 'name', direction: 'ASC' }],
  [{ field: 'name', direction: 'DESC' }],
  [{ field: 'series', direction: 'ASC' }],
  [{ field: 'series', direction: 'DESC' }],
  [
    { field: 'listPrice', direction: 'DESC' },
    { field: 'series', direction: 'ASC' },
  ],
  [
    { field: 'active', direction: 'DESC' },
    { field: 'createdAt', direction: 'ASC' },
    { field: 'listPrice', direction: 'ASC' },
  ],
];
const nameOf = (by: Step[]) =>
  by.map((step) => `${step.field} ${step.direction}`).join(', ') || 'id';

describe.each(['rows', 'rowsInMemory'] as const)('%s', (list) => {
  test.each(ORDERS.map((by) => [nameOf(by), by] as const))(
    'walks by %s, both ways',
    async (_name, by) => {
      const wanted = sorted(by).map((product) => product.name);
      for (const size of [7, 40]) {
        const forward: string[] = [];
        for (let after: string | null = null; ; ) {
          const page: Page = await pageOf(list, { by, first: size, after });
          forward.push(...page.edges.map((edge) => edge.node.name));
          expect(page.totalCount).toBe(40);
          expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
          after = page.pageInfo.endCursor;
          if (!page.pageInfo.hasNextPage) break;
        }
        expect(forward).toEqual(wanted);

        const backward: string[] = [];
        for (let before: string | null = null; ; ) {
          const page: Page = await pageOf(list, { by, last: size, before });
          backward.unshift(...page.edges.map((edge) => edge.node.name));
          expect(page.pageInfo.hasNextPage).toBe(before !== null);
          before = page.pageInfo.startCursor;
          if (!page.pageInfo.hasPreviousPage) break;
        }
        expect(backward).toEqual(wanted);
      }
    },
  );
});

test('any cut between two cursors is the cut of the whole list', async () => {
  const by = ORDERS[5] ?? [];
  const whole = await pageOf('rows', { by, first: 100 });
  const cursors = whole.edges.map((edge) => edge.cursor);
  const place = fc.option(fc.nat(39));
  await fc.assert(
    fc.asyncProperty(place, place, fc.nat(12), fc.boolean(), async (from, to, size, forward) => {
      const [start, end] = [from === null ? 0 : from + 1, to ?? 40];
      const cut = whole.edges.slice(start, Math.max(start, end));
      const kept = forward ? cut.slice(0, size) : cut.slice(Math.max(0, cut.length - size));
      const page = await pageOf('rows', {
        by,
        after: from === null ? null : cursors[from],
        before: to === null ? null : cursors[to],
        ...(forward ? { first: size } : { last: size }),
      });
      expect(page.edges).toEqual(kept);
      if (kept.length > 0) {
        const first = whole.edges.findIndex((edge) => edge.cursor === kept[0]?.cursor);
        expect(page.pageInfo.hasPreviousPage).toBe(first > 0);
        expect(page.pageInfo.hasNextPage).toBe(first + kept.length < 40);
      }
    }),
    { numRuns: 60 },
  );
});

test('a deleted row neither ends nor shifts the list', async () => {
  const by: Step[] = [{ field: 'name', direction: 'ASC' }];
  const before = await pageOf('rows', { by, first: 10 });
  const at = sorted(by)[9] as Product;
  await muster.app.db.prisma.product.delete({ where: { id: at.id } });
  try {
    const next = await pageOf('rows', { by, first: 10, after: before.pageInfo.endCursor });
    expect(next.edges.map((edge) => edge.node.name)).toEqual(
      sorted(by)
        .slice(10, 20)
        .map((product) => product.name),
    );
  } finally {
    await muster.app.db.prisma.product.create({ data: { ...at, organizationId } });
  }
});

test.each([
  [{ first: -1 }, 'INVALID_INPUT'],
  [{ first: 101 }, 'INVALID_INPUT'],
  [{ last: 101 }, 'INVALID_INPUT'],
  [{ first: 1, last: 1 }, 'INVALID_INPUT'],
  [{ after: 'x' }, 'BAD_CURSOR'],
  [{ before: 'eyJ9' }, 'BAD_CURSOR'],
])('%o is refused by name', async (args, code) => {
  const answer = await muster.query(
    'query ($first: Int, $last: Int, $after: String, $before: String) { rows(by: [], first: $first, last: $last, after: $after, before: $before) { totalCount } }',
    args,
    { token },
  );
  expect(answer.errors[0]?.extensions.code).toBe(code);
});

test('what is not asked for is not read', async () => {
  const sent: string[] = [];
  const { pool } = muster.app.db;
  const { query } = pool;
  pool.query = ((...args: [{ text?: string } | string]) => {
    sent.push(typeof args[0] === 'string' ? args[0] : (args[0].text ?? ''));
    return Reflect.apply(query, pool, args);
  }) as never;
  try {
    await muster.expectData(
      '{ rows(by: [], first: 3) { nodes { name } pageInfo { hasNextPage } } }',
      {},
      { token },
    );
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatch(/limit/i);
    sent.length = 0;
    await muster.expectData('{ rows(by: []) { totalCount } }', {}, { token });
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatch(/COUNT/i);
  } finally {
    pool.query = query;
  }
});

test('the log position is of the viewer and read before the rows', async () => {
  const data = await muster.expectData<{ rows: { position: string } }>(
    '{ rows(by: []) { position nodes { name } } }',
    {},
    { token },
  );
  expect(decodeLogCursor(data.rows.position)).toMatchObject({ organizationId, position: 0 });
});
