import { beforeAll, describe, expect, it } from 'vitest';
import { type CalendarSettings, changedFrom, MAX_CHANGES } from '../../../src/calendar/settings.ts';
import { runText } from '../../../src/database/statements.ts';
import { verifyLedger } from '../../../src/metrics/verify.ts';
import { type TestApp, testApp } from '../../support/app.ts';
import { mutate } from '../../support/mutate.ts';
import { type Organization, org } from '../../support/seed.ts';
import { makeBoard, score, standings } from '../leaderboards/support.ts';

let app: TestApp;

beforeAll(async () => {
  app = await testApp();
});

const SETTINGS = 'timeZone firstDayOfWeek fiscalMonthEnd fiscalYearStartMonth';
const HISTORY = `organization { version ${SETTINGS} calendarHistory { from ${SETTINGS} } }`;
const change = (actor: Organization, expectedVersion: number, input: object) =>
  mutate(app, actor, 'updateOrganization', { expectedVersion, ...input }, HISTORY);

const period = async (actor: Organization, asked: object, more: object = {}) => {
  const document = `query ($period: PeriodInput!, $timeZone: String, $comparedBy: Comparison) {
    period(period: $period, timeZone: $timeZone, comparedBy: $comparedBy) { from through start end label } }`;
  const variables = { period: asked, ...more };
  return (await app.expectData<{ period: Record<string, string> }>(document, variables, actor))
    .period;
};
const unit = (name: string, containing: string) => ({ unit: { unit: name, containing } });
const days = async (actor: Organization, name: string, containing: string) => {
  const { from, through } = await period(actor, unit(name, containing));
  return `${from}..${through}`;
};

const plain = {
  timeZone: 'Asia/Shanghai',
  firstDayOfWeek: 1,
  fiscalMonthEnd: 25,
  fiscalYearStartMonth: 1,
};

// Each change has every metric cut anew, which a busy machine takes its time for.
describe('settings that change from a day', { timeout: 120_000 }, () => {
  it('cut what ends before it as before, and what begins after it anew', async () => {
    const firm = await org(app.app.db, plain);
    expect(await change(firm, 1, { fiscalMonthEnd: 31, calendarFrom: '2017-12-01' })).toMatchObject(
      {
        organization: {
          version: 2,
          fiscalMonthEnd: 31,
          calendarHistory: [
            { ...plain, from: '2017-12-01', fiscalMonthEnd: 31 },
            { ...plain, from: null },
          ],
        },
      },
    );
    expect(await days(firm, 'FISCAL_MONTH', '2017-11-10')).toBe('2017-10-26..2017-11-25');
    expect(await period(firm, unit('FISCAL_MONTH', '2017-11-28'))).toMatchObject({
      from: '2017-11-26',
      through: '2017-11-30',
      label: '2017-11-26..2017-11-30',
    });
    expect(await period(firm, unit('FISCAL_MONTH', '2017-12-28'))).toMatchObject({
      from: '2017-12-01',
      label: 'FM 2017-12',
    });
    // The year is not cut in the middle: it begins as before, and ends as now.
    expect(await days(firm, 'FISCAL_YEAR', '2017-12-28')).toBe('2016-12-26..2017-12-31');

    // A later change goes on top; one from an earlier day takes the place of both.
    await change(firm, 2, { timeZone: 'Asia/Tokyo', calendarFrom: '2018-01-01' });
    expect(await period(firm, unit('DAY', '2017-12-31'))).toMatchObject({
      start: '2017-12-30T16:00:00.000Z',
      end: '2017-12-31T15:00:00.000Z',
    });
    const replaced = await change(firm, 3, { firstDayOfWeek: 7, calendarFrom: '2017-06-01' });
    expect(replaced).toMatchObject({
      organization: {
        calendarHistory: [
          { from: '2017-06-01', timeZone: 'Asia/Tokyo', firstDayOfWeek: 7, fiscalMonthEnd: 31 },
          { ...plain, from: null },
        ],
      },
    });
    // Without a day, what is different is so on all days.
    expect(await change(firm, 4, { timeZone: 'UTC' })).toMatchObject({
      organization: { calendarHistory: [{ from: null, timeZone: 'UTC', firstDayOfWeek: 7 }] },
    });
  });

  it('hold from a day to come only then', async () => {
    const firm = await org(app.app.db, plain);
    const { organization } = await change(firm, 1, { timeZone: 'UTC', calendarFrom: '2199-01-01' });
    expect(organization).toMatchObject({
      timeZone: 'Asia/Shanghai',
      calendarHistory: [{ from: '2199-01-01', timeZone: 'UTC' }, { from: null }],
    });
    // Naming what is set last anew, without a day, changes nothing.
    expect(await change(firm, 2, { timeZone: 'UTC', name: '新' })).toMatchObject({
      organization: { version: 3, calendarHistory: [{ timeZone: 'UTC' }, { from: null }] },
    });
    const now = (await app.app.db.pool.query('SELECT now()')).rows[0].now as Date;
    const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(now);
    expect((await period(firm, { named: 'TODAY' })).from).toBe(today);
  });

  it('refuse what cannot be, and change nothing', async () => {
    const firm = await org(app.app.db, plain);
    await mutate(app, firm, 'closePeriod', { through: '2024-02-29' });
    const cases: [object, string, string][] = [
      [{ timeZone: 'UTC' }, 'PERIOD_CLOSED', 'calendarFrom'],
      [{ fiscalMonthEnd: 20, calendarFrom: '2024-02-29' }, 'PERIOD_CLOSED', 'calendarFrom'],
      // In Tokyo the first open day begins an hour before the books are closed.
      [{ timeZone: 'Asia/Tokyo', calendarFrom: '2024-03-01' }, 'PERIOD_CLOSED', 'calendarFrom'],
      [{ fiscalMonthEnd: 20, calendarFrom: '2300-01-01' }, 'INVALID_INPUT', 'calendarFrom'],
      [{ weekend: [1, 2, 3, 4, 5, 6, 7] }, 'INVALID_INPUT', 'weekend'],
    ];
    for (const [input, code, field] of cases) {
      expect(await change(firm, 1, input), JSON.stringify(input)).toMatchObject({
        code,
        path: ['input', field],
      });
    }
    expect(await change(firm, 1, { fiscalMonthEnd: 20, calendarFrom: '2024-03-01' })).toMatchObject(
      {
        organization: { version: 2 },
      },
    );
    const crowded = await org(app.app.db, plain);
    let full: CalendarSettings = plain;
    for (let n = 1; n <= MAX_CHANGES; n += 1) {
      full = changedFrom(full, { ...plain, fiscalMonthEnd: n }, `${2000 + n}-01-01`);
    }
    await runText(
      app.app.db.pool,
      'UPDATE organization SET fiscal_month_end = $2, earlier_calendar = $3 WHERE id = $1',
      [crowded.organizationId, full.fiscalMonthEnd, JSON.stringify(full.earlier)],
    );
    const oneMore = { fiscalMonthEnd: 30, calendarFrom: '2030-01-01' };
    expect(await change(crowded, 1, oneMore)).toMatchObject({
      code: 'INVALID_INPUT',
      path: ['input', 'calendarFrom'],
    });
    const instead = { ...oneMore, calendarFrom: '2020-01-01' };
    expect(await change(crowded, 1, instead)).toMatchObject({ organization: { version: 2 } });
  });

  it('leave boards exact: before the roll-ups are cut anew, and after', async () => {
    const firm = await org(app.app.db, plain);
    const board = await makeBoard(app, firm, { periodUnit: 'FISCAL_MONTH' });
    // Late on November 30 in Shanghai is early on that day in Los Angeles.
    for (const countsAt of [
      '2023-11-26T04:00:00Z',
      '2023-11-30T15:59:00Z',
      '2023-12-01T07:59:00Z',
      '2023-12-01T08:00:00Z',
    ]) {
      expect(await score(app, firm, firm, '1', { countsAt })).not.toHaveProperty('code');
    }
    const scores = async () => {
      const found: string[] = [];
      for (const [name, day] of [
        ['FISCAL_MONTH', '2023-11-28'],
        ['DAY', '2023-11-30'],
        ['DAY', '2023-12-01'],
        ['FISCAL_MONTH', '2023-12-05'],
        ['FISCAL_YEAR', '2023-12-05'],
      ]) {
        const args = `period: { unit: { unit: ${name}, containing: "${day}" } }`;
        const [row] = await standings(app, firm, board, args);
        found.push(row?.score ?? '-');
      }
      return found;
    };
    const isCut = async () => {
      const rows = await runText<{ count: number }>(
        app.app.db.pool,
        `SELECT count(*) AS count FROM metric_version WHERE organization_id = $1 AND state = 'BUILDING'`,
        [firm.organizationId],
      );
      return rows[0]?.count;
    };
    await expect.poll(isCut, { timeout: 60_000 }).toBe(0);
    expect(await scores()).toEqual(['4', '1', '2', '4', '4']);
    const input = {
      timeZone: 'America/Los_Angeles',
      fiscalMonthEnd: 31,
      calendarFrom: '2023-12-01',
    };
    expect(await change(firm, 1, input)).toHaveProperty('organization');
    // November 30 lasts until Los Angeles comes to December 1, at 08:00 UTC.
    const expected = ['3', '2', '1', '1', '4'];
    expect(await scores()).toEqual(expected);
    await expect.poll(isCut, { timeout: 60_000 }).toBe(0);
    expect(await scores()).toEqual(expected);
    expect(await verifyLedger(app.app.db.url)).toEqual([]);
  });

  it('are told in the log with all that held', async () => {
    const firm = await org(app.app.db, plain);
    await change(firm, 1, { firstDayOfWeek: 7, calendarFrom: '2024-01-01' });
    const events = await runText<{ version: number; payload: object }>(
      app.app.db.pool,
      `SELECT version, payload FROM event WHERE organization_id = $1 AND type = 'organization.updated'`,
      [firm.organizationId],
    );
    expect(events).toEqual([
      {
        version: 2,
        payload: expect.objectContaining({
          changed: ['firstDayOfWeek'],
          calendarBefore: [{ ...plain, from: null }],
          calendarAfter: [
            { ...plain, from: '2024-01-01', firstDayOfWeek: 7 },
            { ...plain, from: null },
          ],
        }),
      },
    ]);
  });
});

describe('a period', () => {
  it('is asked for in another zone, and by what it is compared with', async () => {
    const firm = await org(app.app.db, plain);
    const asked = unit('FISCAL_MONTH', '2024-03-10');
    expect(await period(firm, asked, { timeZone: 'America/Los_Angeles' })).toEqual({
      from: '2024-02-26',
      through: '2024-03-25',
      start: '2024-02-26T08:00:00.000Z',
      end: '2024-03-26T07:00:00.000Z',
      label: 'FM 2024-03',
    });
    const compared = async (comparedBy: string) =>
      (await period(firm, asked, { comparedBy })).label;
    expect(await compared('PREVIOUS_PERIOD')).toBe('FM 2024-02');
    expect(await compared('PREVIOUS_SAME_LENGTH')).toBe('2024-01-28..2024-02-25');
    expect(await compared('SAME_PERIOD_LAST_YEAR')).toBe('FM 2023-03');
    expect(await compared('SAME_LENGTH_LAST_YEAR')).toBe('2023-02-26..2023-03-26');
    expect(
      (await period(firm, { named: 'ALL_TIME' }, { comparedBy: 'PREVIOUS_PERIOD' })).label,
    ).toBe('all time');
  });

  it('has the numbers of its week, and refuses what no calendar has', async () => {
    const firm = await org(app.app.db, { ...plain, firstDayOfWeek: 7 });
    const document = `query ($period: PeriodInput!, $timeZone: String) {
      period(period: $period, timeZone: $timeZone) { isoWeek { year week } week { year week } } }`;
    const weeks = (asked: object) => app.expectData(document, { period: asked }, firm);
    expect(await weeks(unit('DAY', '2024-12-29'))).toEqual({
      period: { isoWeek: { year: 2024, week: 52 }, week: { year: 2025, week: 1 } },
    });
    expect(await weeks(unit('WEEK', '2024-12-29'))).toEqual({
      period: { isoWeek: null, week: { year: 2025, week: 1 } },
    });
    expect(await weeks(unit('MONTH', '2024-12-29'))).toEqual({
      period: { isoWeek: null, week: null },
    });
    for (const [asked, timeZone] of [
      [unit('DAY', '1850-01-01'), undefined],
      [unit('DAY', '2024-01-01'), 'Mars/Olympus'],
      [unit('DAY', '2024-01-01'), '+08:00'],
    ] as const) {
      const { data, errors } = await app.query(document, { period: asked, timeZone }, firm);
      expect(data).toBeNull();
      expect(errors[0]?.extensions.code).toBe('INVALID_INPUT');
    }
  });
});
