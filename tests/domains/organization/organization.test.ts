import { beforeAll, describe, expect, it } from 'vitest';
import { runText } from '../../../src/database/statements.ts';
import { onOrganizationCreated } from '../../../src/domains/organization/created.ts';
import { createOrganization } from '../../../src/domains/people/create-organization.ts';
import { type TestApp, testApp } from '../../support/app.ts';
import { mutate } from '../../support/mutate.ts';
import { type Organization, org, PASSWORD } from '../../support/seed.ts';

let app: TestApp;
let acme: Organization;

beforeAll(async () => {
  app = await testApp();
  acme = await org(app.app.db, { timeZone: 'America/Los_Angeles' });
});

const FIELDS = `organization { name version timeZone firstDayOfWeek fiscalMonthEnd fiscalYearStartMonth currency locale closedBefore }`;
const update = (actor: Organization, input: object) =>
  mutate(app, actor, 'updateOrganization', { expectedVersion: 1, ...input }, FIELDS);
const revisionOf = async (organization: Organization) =>
  (
    await runText<{ revision: number; position: number }>(
      app.app.db.pool,
      'SELECT revision, position FROM log_head WHERE organization_id = $1',
      [organization.organizationId],
    )
  )[0];

describe('making an organization', () => {
  const administrator = { employeeNumber: 'A1', name: '李雷' };

  it('makes it with its first administrator and what the rooms give, in one piece', async () => {
    const { db } = app.app;
    let isBroken = true;
    const seen: string[] = [];
    onOrganizationCreated(async (tx) => {
      if (tx.organizationId === acme.organizationId) return;
      seen.push(tx.organizationId);
      if (isBroken) throw new Error('a room is broken');
    });
    const input = { key: 'phoenix', name: '凤凰', administrator };
    await expect(createOrganization(db, input)).rejects.toThrow('a room is broken');
    const count =
      'SELECT count(*) AS count FROM member m JOIN organization o ON o.id = m.organization_id WHERE o.key = $1';
    expect(await runText(db.pool, count, ['phoenix'])).toEqual([{ count: 0 }]);
    isBroken = false;
    // What the first attempt left is taken up.
    const made = await createOrganization(db, { ...input, name: '凤凰公司', currency: 'EUR' });
    expect(made.password).toMatch(/^[a-z2-9-]{19}$/);
    expect(seen).toEqual([made.organizationId, made.organizationId]);
    const [row] = await runText(
      db.pool,
      'SELECT o.name, o.currency, o.time_zone FROM organization o WHERE key = $1',
      ['phoenix'],
    );
    expect(row).toEqual({ name: '凤凰公司', currency: 'EUR', timeZone: 'Asia/Shanghai' });
    const events = await runText<{ type: string }>(
      db.pool,
      'SELECT type FROM event WHERE organization_id = $1 ORDER BY position LIMIT 2',
      [made.organizationId],
    );
    expect(events.map((event) => event.type)).toEqual(['organization.created', 'member.created']);
    await expect(createOrganization(db, input)).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
  });

  it('makes one of ten that come at once with the same key', async () => {
    const { db } = app.app;
    const input = {
      key: 'twins',
      name: '双',
      administrator: { ...administrator, password: PASSWORD },
    };
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, () => createOrganization(db, input)),
    );
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    const count =
      'SELECT count(*) AS count FROM member m JOIN organization o ON o.id = m.organization_id WHERE o.key = $1';
    expect(await runText(db.pool, count, ['twins'])).toEqual([{ count: 1 }]);
  });

  it('refuses what cannot be', async () => {
    const make = (more: object) =>
      createOrganization(app.app.db, { key: 'fine', name: 'x', administrator, ...more });
    const cases: [object, string][] = [
      [{ key: 'Über uns' }, 'INVALID_INPUT'],
      [{ key: '-x' }, 'INVALID_INPUT'],
      [{ name: '' }, 'INVALID_INPUT'],
      [{ timeZone: 'Asia/Peking' }, 'UNKNOWN_TIME_ZONE'],
      [{ currency: 'RMB' }, 'UNKNOWN_CURRENCY'],
      [{ administrator: { ...administrator, password: '123' } }, 'WEAK_PASSWORD'],
    ];
    for (const [more, code] of cases) await expect(make(more)).rejects.toMatchObject({ code });
  });
});

describe('changing an organization', () => {
  it('changes what is given, and raises the revision only for the calendar', async () => {
    const before = await revisionOf(acme);
    expect(await update(acme, { name: '新名称', locale: 'en' })).toMatchObject({
      organization: { name: '新名称', locale: 'en', version: 2, timeZone: 'America/Los_Angeles' },
    });
    expect((await revisionOf(acme))?.revision).toBe(before?.revision);
    const calendar = {
      timeZone: 'Asia/Shanghai',
      firstDayOfWeek: 7,
      fiscalMonthEnd: 25,
      fiscalYearStartMonth: 4,
    };
    expect(await update(acme, { expectedVersion: 2, ...calendar })).toMatchObject({
      organization: { ...calendar, version: 3 },
    });
    // Besides, the rooms that count by the calendar may begin to count anew.
    expect((await revisionOf(acme))?.revision).toBeGreaterThan(before?.revision ?? 0);
    // The same again is no change.
    expect(await update(acme, { expectedVersion: 3, ...calendar })).toMatchObject({
      organization: { version: 3 },
    });
    const told = await runText<{ count: number }>(
      app.app.db.pool,
      `SELECT count(*) AS count FROM event WHERE organization_id = $1 AND type = 'organization.updated'`,
      [acme.organizationId],
    );
    expect(told).toEqual([{ count: 2 }]);
  });

  it('refuses what cannot be, each by its name, and changes nothing', async () => {
    const firm = await org(app.app.db);
    const before = await revisionOf(firm);
    const cases: [object, string, string][] = [
      [{ timeZone: 'Mars/Olympus' }, 'UNKNOWN_TIME_ZONE', 'timeZone'],
      [{ timeZone: '+08:00' }, 'UNKNOWN_TIME_ZONE', 'timeZone'],
      [{ currency: 'cny' }, 'UNKNOWN_CURRENCY', 'currency'],
      [{ firstDayOfWeek: 0 }, 'INVALID_INPUT', 'firstDayOfWeek'],
      [{ fiscalMonthEnd: 32 }, 'INVALID_INPUT', 'fiscalMonthEnd'],
      [{ fiscalYearStartMonth: -1 }, 'INVALID_INPUT', 'fiscalYearStartMonth'],
      [{ locale: 'klingonisch-und-so' }, 'INVALID_INPUT', 'locale'],
      [{ name: '  ' }, 'INVALID_INPUT', 'name'],
      [{ name: 'x', expectedVersion: 7 }, 'CONFLICT', 'expectedVersion'],
    ];
    for (const [input, code, field] of cases) {
      expect(await update(firm, input)).toMatchObject({ code, path: ['input', field] });
    }
    expect(await revisionOf(firm)).toEqual(before);
  });

  it('fixes the currency as soon as an amount is recorded', async () => {
    const firm = await org(app.app.db);
    expect(await update(firm, { currency: 'USD' })).toMatchObject({
      organization: { currency: 'USD' },
    });
    const product = await mutate(app, firm, 'createProduct', { name: '产品', listPrice: '12.50' });
    expect(product.__typename).toBe('CreateProductPayload');
    expect(await update(firm, { expectedVersion: 2, currency: 'EUR' })).toMatchObject({
      code: 'CURRENCY_FIXED',
      path: ['input', 'currency'],
    });
    expect(await update(firm, { expectedVersion: 2, name: 'y' })).toMatchObject({
      organization: { currency: 'USD', version: 3 },
    });
  });
});

describe('the currency', () => {
  it('never changes under an amount, also when both come at once', async () => {
    for (let round = 0; round < 4; round++) {
      const firm = await org(app.app.db);
      const products = ['甲', '乙', '丙'].map((name) =>
        mutate(app, firm, 'createProduct', { name, listPrice: '1' }),
      );
      await Promise.all([...products, update(firm, { currency: 'USD' })]);
      const late = await runText<{ type: string }>(
        app.app.db.pool,
        `SELECT e.type FROM event e JOIN event u ON u.organization_id = e.organization_id
         WHERE e.organization_id = $1 AND u.type = 'organization.updated'
           AND e.type = 'product.created' AND e.position < u.position`,
        [firm.organizationId],
      );
      expect(late).toEqual([]);
    }
  });
});

describe('closing the books', () => {
  const FIELDS = 'organization { closedBefore }';
  const close = (actor: Organization, through: string) =>
    mutate(app, actor, 'closePeriod', { through, reason: '月结' }, FIELDS);
  const reopen = (actor: Organization, from?: string) =>
    mutate(app, actor, 'reopenPeriod', { from }, FIELDS);

  it("moves the bound to the end of a day in the organization's zone, and back", async () => {
    const firm = await org(app.app.db, { timeZone: 'Asia/Shanghai' });
    expect((await close(firm, '2024-02-29')).organization).toEqual({
      closedBefore: '2024-02-29T16:00:00.000Z',
    });
    expect(await close(firm, '2024-02-28')).toMatchObject({ code: 'PERIOD_CLOSED' });
    expect(await close(firm, '2024-02-29')).toMatchObject({ code: 'PERIOD_CLOSED' });
    expect((await close(firm, '2024-03-31')).organization).toEqual({
      closedBefore: '2024-03-31T16:00:00.000Z',
    });
    expect((await reopen(firm, '2024-03-01')).organization).toEqual({
      closedBefore: '2024-02-29T16:00:00.000Z',
    });
    expect(await reopen(firm, '2024-03-01')).toMatchObject({ code: 'PERIOD_NOT_CLOSED' });
    expect((await reopen(firm)).organization).toEqual({ closedBefore: null });
    expect(await reopen(firm)).toMatchObject({ code: 'PERIOD_NOT_CLOSED' });

    const history = `{ viewer { organization { closings { nodes { closedBefore reason by { name } } } } } }`;
    const by = { name: '管理员' };
    expect(await app.expectData(history, {}, firm)).toEqual({
      viewer: {
        organization: {
          closings: {
            nodes: [
              { closedBefore: null, reason: null, by },
              { closedBefore: '2024-02-29T16:00:00.000Z', reason: null, by },
              { closedBefore: '2024-03-31T16:00:00.000Z', reason: '月结', by },
              { closedBefore: '2024-02-29T16:00:00.000Z', reason: '月结', by },
            ],
          },
        },
      },
    });
    // Each closing names the event that tells of it.
    const told = await runText<{ type: string }>(
      app.app.db.pool,
      `SELECT e.type FROM period_closing c JOIN event e ON e.organization_id = c.organization_id AND e.position = c.position
       WHERE c.organization_id = $1 ORDER BY c.position`,
      [firm.organizationId],
    );
    expect(told.map((event) => event.type)).toEqual([
      'period.closed',
      'period.closed',
      'period.reopened',
      'period.reopened',
    ]);
  });

  it('takes only days that are over, where the organization is', async () => {
    const firm = await org(app.app.db, { timeZone: 'Pacific/Kiritimati' });
    const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Pacific/Kiritimati' }).format();
    expect(await close(firm, today)).toMatchObject({ code: 'PERIOD_NOT_OVER' });
    const yesterday = new Date(Date.parse(today) - 86_400_000).toISOString().slice(0, 10);
    expect((await close(firm, yesterday)).__typename).toBe('ClosePeriodPayload');
  });

  it('leaves the latest bound when several close at once', async () => {
    const firm = await org(app.app.db, { timeZone: 'UTC' });
    const days = Array.from({ length: 12 }, (_, index) => `2024-01-${String(index + 10)}`);
    await Promise.all(days.map((day) => close(firm, day)));
    const document = '{ viewer { organization { closedBefore } } }';
    expect(await app.expectData(document, {}, firm)).toEqual({
      viewer: { organization: { closedBefore: '2024-01-22T00:00:00.000Z' } },
    });
  });
});
