import { beforeAll, describe, expect, it } from 'vitest';
import { runText } from '../../../src/database/statements.ts';
import { type TestApp, testApp } from '../../support/app.ts';
import { mutate } from '../../support/mutate.ts';
import { type Actor, type Organization, org } from '../../support/seed.ts';

let app: TestApp;
let acme: Organization;

beforeAll(async () => {
  app = await testApp();
  acme = await org(app.app.db);
});

const set = (actor: Actor, days: object[], more: object = {}) =>
  mutate(app, actor, 'setWorkingDays', { days, ...more }, 'organization { id }');
const choose = (actor: Actor, expectedVersion: number, input: object) =>
  mutate(
    app,
    actor,
    'updateOrganization',
    { expectedVersion, ...input },
    `organization { version weekend holidayCalendar officialDaysThrough }`,
  );

interface Day {
  day: string;
  isWorkingDay: boolean;
  name: string | null;
  reason: string;
}

/** A run of days, "2026-10-01 off OFFICIAL 国庆节". */
async function daysOf(actor: Actor, from: string, through: string): Promise<string[]> {
  const document = `query ($from: Date!, $through: Date!) {
    viewer { organization { days(from: $from, through: $through) { day isWorkingDay name reason } } } }`;
  const { viewer } = await app.expectData<{ viewer: { organization: { days: Day[] } } }>(
    document,
    { from, through },
    actor,
  );
  return viewer.organization.days.map(({ day, isWorkingDay, name, reason }) =>
    [day, isWorkingDay ? 'worked' : 'off', reason, ...(name ? [name] : [])].join(' '),
  );
}

const count = async (actor: Actor, from: string, through: string) => {
  const document = `query ($period: PeriodInput!) { period(period: $period) { workingDays } }`;
  const period = { between: { from, through } };
  return (await app.expectData<{ period: { workingDays: number } }>(document, { period }, actor))
    .period.workingDays;
};

const exceptions = async (actor: Actor, args = '') => {
  const document = `{ viewer { organization { workingDayExceptions${args} { totalCount nodes {
    day isWorkingDay name setBy { name } supersededAt } } } } }`;
  const { viewer } = await app.expectData<{
    viewer: {
      organization: {
        workingDayExceptions: { totalCount: number; nodes: Record<string, unknown>[] };
      };
    };
  }>(document, {}, actor);
  return viewer.organization.workingDayExceptions;
};

const eventsOf = ({ organizationId }: Actor) =>
  runText<{ payload: { days: unknown[] } }>(
    app.app.db.pool,
    `SELECT payload FROM event WHERE organization_id = $1 AND type = 'working_days.changed' ORDER BY position`,
    [organizationId],
  );

describe('working days', () => {
  it('go by the weekend until a holiday calendar is chosen', async () => {
    const firm = await org(app.app.db);
    expect(await count(firm, '2026-10-01', '2026-10-11')).toBe(7);
    expect(await choose(firm, 1, { holidayCalendar: 'CHINA' })).toMatchObject({
      organization: {
        version: 2,
        weekend: [6, 7],
        holidayCalendar: 'CHINA',
        officialDaysThrough: '2026-12-31',
      },
    });
    // October 8, 9 and the Saturday that is worked for the holiday.
    expect(await count(firm, '2026-10-01', '2026-10-11')).toBe(3);
    expect(await daysOf(firm, '2026-10-07', '2026-10-10')).toEqual([
      '2026-10-07 off OFFICIAL 国庆节',
      '2026-10-08 worked WEEK',
      '2026-10-09 worked WEEK',
      '2026-10-10 worked OFFICIAL 国庆节',
    ]);
    expect(await choose(firm, 2, { holidayCalendar: 'NONE', weekend: [7, 5, 5] })).toMatchObject({
      organization: {
        version: 3,
        weekend: [5, 7],
        holidayCalendar: 'NONE',
        officialDaysThrough: null,
      },
    });
    expect(await daysOf(firm, '2026-10-09', '2026-10-10')).toEqual([
      '2026-10-09 off WEEK',
      '2026-10-10 worked WEEK',
    ]);
    // The same weekend again is no change.
    expect(await choose(firm, 3, { weekend: [5, 7] })).toMatchObject({
      organization: { version: 3 },
    });
  });

  it('are what the administrator enters, with its history and an event', async () => {
    await choose(acme, 1, { holidayCalendar: 'CHINA' });
    const entered = [
      { day: '2024-02-09', isWorkingDay: false, name: '除夕' },
      { day: '2024-02-18', isWorkingDay: false },
    ];
    expect((await set(acme, entered)).__typename).toBe('SetWorkingDaysPayload');
    expect(await daysOf(acme, '2024-02-08', '2024-02-09')).toEqual([
      '2024-02-08 worked WEEK',
      '2024-02-09 off EXCEPTION 除夕',
    ]);
    // What stays as it is makes no history; what is taken back, does.
    await set(acme, [
      { day: '2024-02-09', isWorkingDay: false, name: '除夕' },
      { day: '2024-02-18' },
      { day: '2024-02-19' },
    ]);
    expect(await daysOf(acme, '2024-02-18', '2024-02-19')).toEqual([
      '2024-02-18 worked OFFICIAL 春节',
      '2024-02-19 worked WEEK',
    ]);
    const setBy = { name: '管理员' };
    const kept = {
      day: '2024-02-09',
      isWorkingDay: false,
      name: '除夕',
      setBy,
      supersededAt: null,
    };
    expect(await exceptions(acme)).toEqual({ totalCount: 1, nodes: [kept] });
    expect((await exceptions(acme, '(from: "2024-02-10")')).totalCount).toBe(0);
    expect((await exceptions(acme, '(history: true, through: "2024-02-18")')).nodes).toEqual([
      { day: '2024-02-18', isWorkingDay: null, name: null, setBy, supersededAt: null },
      {
        day: '2024-02-18',
        isWorkingDay: false,
        name: null,
        setBy,
        supersededAt: expect.any(String),
      },
      kept,
    ]);
    expect((await eventsOf(acme)).map(({ payload }) => payload.days)).toEqual([
      [
        { day: '2024-02-09', isWorkingDay: false, isWorkingDayWas: null },
        { day: '2024-02-18', isWorkingDay: false, isWorkingDayWas: null },
      ],
      [{ day: '2024-02-18', isWorkingDay: null, isWorkingDayWas: false }],
    ]);
  });

  it('are counted on and back', async () => {
    const firm = await org(app.app.db);
    await choose(firm, 1, { holidayCalendar: 'CHINA' });
    const document = `query ($to: Date!, $count: Int!) { viewer { organization { addWorkingDays(to: $to, count: $count) } } }`;
    const add = async (to: string, n: number) =>
      (
        await app.expectData<{ viewer: { organization: { addWorkingDays: string } } }>(
          document,
          { to, count: n },
          firm,
        )
      ).viewer.organization.addWorkingDays;
    expect(await add('2026-09-30', 1)).toBe('2026-10-08');
    expect(await add('2026-10-08', -1)).toBe('2026-09-30');
    expect(await add('2026-10-04', 0)).toBe('2026-10-04');
    const { errors } = await app.query(document, { to: '2200-12-30', count: 2_000_000_000 }, firm);
    expect(errors[0]?.extensions.code).toBe('INVALID_INPUT');
  });

  it('are entered by administrators alone, and what is refused changes nothing', async () => {
    const firm = await org(app.app.db);
    const days = [{ day: '2026-01-02', isWorkingDay: true }];
    for (const actor of [await firm.manager(), await firm.rep()]) {
      expect((await set(actor, days)).code).toBe('FORBIDDEN');
      expect((await choose(actor, 1, { holidayCalendar: 'CHINA' })).code).toBe('FORBIDDEN');
      // Everybody may look.
      expect(await daysOf(actor, '2026-01-02', '2026-01-02')).toEqual(['2026-01-02 worked WEEK']);
    }
    const many = Array.from({ length: 401 }, (_, n) => ({
      day: new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10),
      isWorkingDay: true,
    }));
    const cases: [object[], string[]][] = [
      [[], ['input', 'days']],
      [many, ['input', 'days']],
      [
        [...days, ...days],
        ['input', 'days', '1', 'day'],
      ],
      [[{ day: '1850-01-01', isWorkingDay: true }], ['input', 'days', '0', 'day']],
      [
        [{ day: '2026-01-01', isWorkingDay: true, name: 'x'.repeat(201) }],
        ['input', 'days.0.name'],
      ],
    ];
    for (const [wanted, path] of cases) {
      expect(await set(firm, wanted)).toMatchObject({ code: 'INVALID_INPUT', path });
    }
    expect(await exceptions(firm, '(history: true)')).toEqual({ totalCount: 0, nodes: [] });
    expect(await eventsOf(firm)).toEqual([]);
  });

  it("are one organization's own, and bounded in number", async () => {
    const [firm, other] = [await org(app.app.db), await org(app.app.db)];
    const start = Date.UTC(2030, 0, 1);
    const chunk = (index: number, length: number) =>
      Array.from({ length }, (_, n) => ({
        day: new Date(start + (index * 400 + n) * 86_400_000).toISOString().slice(0, 10),
        isWorkingDay: true,
      }));
    for (let index = 0; index < 5; index += 1) await set(firm, chunk(index, 400));
    expect((await exceptions(firm)).totalCount).toBe(2_000);
    expect(await set(firm, chunk(5, 1))).toMatchObject({ code: 'WRONG_STATE' });
    // One for one is no more than before.
    const [first] = chunk(0, 1);
    expect((await set(firm, [{ day: first?.day }, ...chunk(5, 1)])).__typename).toBe(
      'SetWorkingDaysPayload',
    );
    expect((await exceptions(other, '(history: true)')).totalCount).toBe(0);
    expect(await daysOf(firm, '2030-01-05', '2030-01-06')).toEqual([
      '2030-01-05 worked EXCEPTION',
      '2030-01-06 worked EXCEPTION',
    ]);
    expect(await daysOf(other, '2030-01-05', '2030-01-06')).toEqual([
      '2030-01-05 off WEEK',
      '2030-01-06 off WEEK',
    ]);
  });

  it('have one state for a day, also when many enter it at once', async () => {
    const firm = await org(app.app.db);
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, n) =>
        set(firm, [{ day: '2026-05-01', isWorkingDay: n % 2 === 0, name: `n${n}` }]),
      ),
    );
    expect(answers.map(({ __typename }) => __typename)).toEqual(
      Array(16).fill('SetWorkingDaysPayload'),
    );
    const { nodes } = await exceptions(firm, '(history: true)');
    expect(nodes).toHaveLength(16);
    const [present, ...none] = nodes.filter(({ supersededAt }) => supersededAt === null);
    expect(none).toEqual([]);
    const told = await eventsOf(firm);
    expect(told).toHaveLength(16);
    // The last in the log is the one that holds.
    const last = told.at(-1)?.payload.days[0] as { isWorkingDay: boolean };
    expect(present?.isWorkingDay).toBe(last.isWorkingDay);
  });

  it('are the same again under the same idempotency key', async () => {
    const firm = await org(app.app.db);
    const days = [{ day: '2026-05-01', isWorkingDay: true }];
    const once = await set(firm, days, { idempotencyKey: 'k' });
    expect(await set(firm, days, { idempotencyKey: 'k' })).toEqual(once);
    expect(await eventsOf(firm)).toHaveLength(1);
  });
});
