import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import { transact } from '../../../src/database/transact.ts';
import type { MemberViewer } from '../../../src/database/viewer.ts';
import { type CustomerRow, importCustomers } from '../../../src/domains/customers/import.ts';
import { type ContactRow, importContacts } from '../../../src/domains/customers/import-contacts.ts';
import type { ImportResult } from '../../../src/domains/customers/import-result.ts';
import { archiveCustomer } from '../../../src/domains/customers/service.ts';
import '../../../src/domains/leaderboards/standard-metrics.ts';
import { deriveScores } from '../../../src/metrics/derive.ts';
import { type Actor, connectedDatabase, type Organization, org } from '../../support/seed.ts';

let db: Database;
let admin: Organization;
let rep: Actor;
let viewer: MemberViewer;

beforeAll(async () => {
  db = await connectedDatabase({ derive: deriveScores });
  admin = await org(db);
  rep = await admin.rep();
  viewer = await admin.viewer();
});
afterAll(() => db.close());

async function importAs(who: MemberViewer, rows: CustomerRow[]): Promise<ImportResult[]> {
  const { results } = await transact(db, who, 'import', {}, async (tx) => ({
    results: await importCustomers(tx, rows),
  }));
  return results;
}
const run = (rows: CustomerRow[]) => importAs(viewer, rows);
const outcomes = (results: ImportResult[]) => results.map(({ outcome }) => outcome);
const idOf = (result: ImportResult | undefined): string =>
  result && result.outcome !== 'REFUSED' ? result.id : '';

async function rows<Row extends object>(text: string, values: unknown[]): Promise<Row[]> {
  return (await db.pool.query<Row>(text, values)).rows;
}
const eventsOf = (id: string) =>
  rows<{ type: string; occurred_at: Date; payload: Record<string, unknown> }>(
    'select type, occurred_at, payload from event where record_id = $1 order by position',
    [id],
  );
const headOf = async () =>
  (
    await rows<{ position: string }>('select position from log_head where organization_id = $1', [
      admin.organizationId,
    ])
  )[0]?.position;

describe('customers', () => {
  test('go in with history, events and scores at the times of their source', async () => {
    const createdAt = new Date('2016-10-20T04:00:00Z');
    const [result] = await run([
      { externalId: 'a1', name: 'Acme', ownerId: rep.memberId, createdAt, grade: 'A' },
    ]);
    const id = idOf(result);
    expect(await eventsOf(id)).toMatchObject([
      {
        type: 'customer.created',
        occurred_at: createdAt,
        payload: { memberId: rep.memberId, countsAt: createdAt.toISOString(), grade: 'A' },
      },
    ]);
    expect(
      await rows('select "from", until, member_id from customer_ownership where customer_id = $1', [
        id,
      ]),
    ).toEqual([{ from: createdAt, until: null, member_id: rep.memberId }]);
    expect(
      await rows('select "from", until, stage from lifecycle_change where customer_id = $1', [id]),
    ).toEqual([{ from: createdAt, until: null, stage: 'POTENTIAL' }]);
    expect(
      await rows<{ amount: string; counts_at: Date }>(
        'select amount, counts_at from score_entry where subject = $1',
        [id],
      ),
    ).toEqual([{ amount: '1.0000', counts_at: createdAt }]);
  });

  test('a second time change nothing and write nothing', async () => {
    const batch: CustomerRow[] = Array.from({ length: 500 }, (_, index) => ({
      externalId: `same-${index}`,
      name: `公司 ${index}`,
      phones: [`1380013${1000 + index}`],
      tags: ['b', 'A'],
      annualRevenue: '1.50',
      foundedYear: 1990,
    }));
    expect(new Set(outcomes(await run(batch)))).toEqual(new Set(['CREATED']));
    const before = await headOf();
    expect(new Set(outcomes(await run(batch)))).toEqual(new Set(['UNCHANGED']));
    expect(await headOf()).toBe(before);
  });

  test('are updated by their external ids: what is not given stays, null clears', async () => {
    const [first] = await run([
      { externalId: 'u1', name: '甲', region: '华东', industry: '医药', employees: 10 },
    ]);
    const [second] = await run([
      {
        externalId: ' u1 ',
        name: '甲',
        region: null,
        employees: 20,
        ownerId: rep.memberId,
        lifecycle: 'ACTIVE',
      },
    ]);
    expect(second).toEqual({ outcome: 'UPDATED', id: idOf(first) });
    expect(
      await rows(
        'select version, region, industry, employees, owner_id, lifecycle from customer where id = $1',
        [idOf(first)],
      ),
    ).toEqual([
      {
        version: 2,
        region: null,
        industry: '医药',
        employees: 20,
        owner_id: rep.memberId,
        lifecycle: 'ACTIVE',
      },
    ]);
    expect((await eventsOf(idOf(first))).map(({ type }) => type)).toEqual([
      'customer.created',
      'customer.transferred',
      'customer.updated',
    ]);
    expect(
      await rows('select member_id from customer_ownership where customer_id = $1', [idOf(first)]),
    ).toHaveLength(2);
  });

  test('that cannot go in are refused one by one, with the field', async () => {
    const unknown = '00000000-0000-7000-8000-000000000000';
    const archived = idOf((await run([{ externalId: 'arch', name: '归档' }]))[0]);
    await archiveCustomer(db, viewer, { id: archived });
    const results = await run([
      { externalId: 'ok-1', name: '好' },
      { externalId: 'bad-1', name: '' },
      { externalId: 'bad-2', name: '坏', foundedYear: 99_999 },
      { externalId: 'bad-3', name: '坏', ownerId: unknown },
      { externalId: 'bad-4', name: '坏', parentId: unknown },
      { externalId: 'bad-5', name: '坏', createdAt: new Date(Date.now() + 86_400_000) },
      { externalId: '', name: '坏' },
      { externalId: 'ok-1', name: '又一次' },
      { externalId: 'arch', name: '归档' },
      { externalId: 'arch', name: '改名' },
      { externalId: 'ok-2', name: '也好' },
    ]);
    expect(
      results.map((result) =>
        result.outcome === 'REFUSED'
          ? `${result.error.code} ${result.error.inputPath?.at(-1)}`
          : result.outcome,
      ),
    ).toEqual([
      'CREATED',
      'INVALID_INPUT name',
      'INVALID_INPUT foundedYear',
      'NOT_FOUND ownerId',
      'NOT_FOUND parentId',
      'INVALID_INPUT createdAt',
      'INVALID_INPUT externalId',
      'INVALID_INPUT externalId',
      'UNCHANGED',
      'INVALID_INPUT externalId',
      'CREATED',
    ]);
    expect(outcomes(await run([{ externalId: 'arch', name: '改名' }]))).toEqual(['REFUSED']);
    expect(await rows("select 1 from customer where external_id like 'bad-%'", [])).toHaveLength(0);
  });

  test('are put below each other, but not above themselves', async () => {
    const [mother, child] = await run([
      { externalId: 'p1', name: '母' },
      { externalId: 'p2', name: '子' },
    ]);
    expect(outcomes(await run([{ externalId: 'p2', name: '子', parentId: idOf(mother) }]))).toEqual(
      ['UPDATED'],
    );
    await expect(
      run([{ externalId: 'p1', name: '母', parentId: idOf(child) }]),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT', inputPath: ['input', 'parentId'] });
  });

  test('of one external id brought twice at once are one', async () => {
    const batch = Array.from({ length: 50 }, (_, index) => ({
      externalId: `twin-${index}`,
      name: `双 ${index}`,
    }));
    const results = await Promise.all([run(batch), run([...batch].reverse()), run(batch)]);
    const ids = new Set(results.flat().map(idOf));
    expect(ids.size).toBe(50);
    expect(results.flat().filter(({ outcome }) => outcome === 'CREATED')).toHaveLength(50);
  });

  test('of somebody else are neither changed nor shown', async () => {
    await run([{ externalId: 'hidden', name: '看不见' }]);
    const [result] = await importAs(await rep.viewer(), [{ externalId: 'hidden', name: '抢' }]);
    expect(result).toMatchObject({ outcome: 'REFUSED', error: { code: 'ALREADY_EXISTS' } });
  });

  test('come at most 500 at a time', async () => {
    const many = Array.from({ length: 501 }, (_, index) => ({
      externalId: `m${index}`,
      name: 'x',
    }));
    await expect(run(many)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});

describe('contacts', () => {
  const bring = async (batch: ContactRow[]): Promise<ImportResult[]> => {
    const { results } = await transact(db, viewer, 'import', {}, async (tx) => ({
      results: await importContacts(tx, batch),
    }));
    return results;
  };

  test('go in, are updated, and change nothing when nothing has changed', async () => {
    const [customer, other] = await run([
      { externalId: 'c1', name: '有人公司' },
      { externalId: 'c2', name: '别的公司' },
    ]);
    const customerId = idOf(customer);
    const contact = { externalId: 'k1', customerId, name: '张三', phones: ['13712345678'] };
    const [created] = await bring([contact]);
    expect(created?.outcome).toBe('CREATED');
    const before = await headOf();
    expect(outcomes(await bring([contact]))).toEqual(['UNCHANGED']);
    expect(await headOf()).toBe(before);
    const results = await bring([
      { ...contact, post: '经理' },
      { externalId: 'k2', customerId, name: '李四' },
      { externalId: 'k3', customerId: '', name: '王五' },
      { externalId: 'k2', customerId, name: '李四' },
    ]);
    expect(outcomes(results)).toEqual(['UPDATED', 'CREATED', 'REFUSED', 'REFUSED']);
    expect(outcomes(await bring([{ ...contact, customerId: idOf(other) }]))).toEqual(['REFUSED']);
    expect(
      await rows<{ search_text: string }>('select search_text from customer where id = $1', [
        customerId,
      ]),
    ).toEqual([{ search_text: '张三\n有人公司\n李四\n１３７１２３４５６７８' }]);
  });
});
