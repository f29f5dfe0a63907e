import { afterEach, describe, expect, test } from 'vitest';
import { decodeGlobalId } from '../../../src/api/global-ids.ts';
import type { Settings } from '../../../src/domains/organization/rules.ts';
import { updateOrganization } from '../../../src/domains/organization/service.ts';
import { createApiToken, createDisplayToken } from '../../../src/domains/organization/tokens.ts';
import { makeBoard, score, type Update } from '../../domains/leaderboards/support.ts';
import { openSocket, type Socket, terminateAll } from '../../server/shared-sockets.ts';
import { testApp } from '../../support/app.ts';
import { org } from '../../support/seed.ts';

const app = await testApp();
const { db } = app.app;

const WATCH = `subscription ($id: ID!) {
  leaderboard(id: $id) { reset asOf changes { name } standings { score } } }`;

afterEach(() => {
  db.clock.shiftMs = 0;
  terminateAll();
});

async function stage(settings: Partial<Settings>, periodUnit: string) {
  const acme = await org(db, settings);
  const ann = await acme.rep({ name: 'Ann', team: await acme.team('North') });
  const id = await makeBoard(app, acme, { periodUnit });
  const leaderboardIds = [decodeGlobalId(id)?.id ?? ''];
  const input = { name: 'Wall', leaderboardIds };
  // Never expires, however far the clock is moved.
  const { secret } = await createDisplayToken(db, await acme.viewer(), input);
  return { acme, ann, id, token: secret ?? '' };
}

type Shown = Update['leaderboard'] & { asOf: string };
const next = async (socket: Socket): Promise<Shown> =>
  ((await socket.next()).payload as { data: { leaderboard: Shown } }).data.leaderboard;

async function watch(token: string, id: string): Promise<Socket[]> {
  const sockets = await Promise.all([0, 1].map(() => openSocket(app.url, token)));
  for (const socket of sockets) socket.subscribe('1', WATCH, { id });
  for (const socket of sockets) expect((await next(socket)).reset).toBe('FIRST');
  expect(app.app.server.sharing()).toMatchObject({ groups: 1, members: 2 });
  return sockets;
}

describe('a group says PERIOD_ENDED by itself, when the period ends where the organization is', () => {
  test.each<[string, Partial<Settings>, string, string]>([
    ['a day, at midnight', { timeZone: 'Asia/Shanghai' }, 'DAY', '2027-01-11T16:00:00Z'],
    ['a day that lasts 23 hours', { timeZone: 'Europe/Berlin' }, 'DAY', '2027-03-28T22:00:00Z'],
    ['a day that lasts 25 hours', { timeZone: 'Europe/Berlin' }, 'DAY', '2027-10-31T23:00:00Z'],
    [
      'a week that begins on Sunday',
      { timeZone: 'America/New_York', firstDayOfWeek: 7 },
      'WEEK',
      '2027-01-10T05:00:00Z',
    ],
    [
      'a fiscal month that closes on the 25th',
      { timeZone: 'Asia/Kolkata', fiscalMonthEnd: 25 },
      'FISCAL_MONTH',
      '2027-01-25T18:30:00Z',
    ],
  ])('%s', async (_name, settings, unit, boundary) => {
    const { acme, ann, id, token } = await stage(settings, unit);
    const at = Date.parse(boundary);
    // A session would not outlive the move.
    const writer = { name: 'Writer', grants: ['READ', 'WRITE', 'ADMIN'] as const };
    const { secret } = await createApiToken(db, await acme.viewer(), writer);
    db.clock.shiftMs = at - Date.now() - 3_600_000;
    await score(app, { ...acme, token: secret ?? '' }, ann, '4');
    db.clock.shiftMs = at - Date.now() - 3_000;
    const sockets = await watch(token, id);
    const { executions } = app.app.server.sharing();
    for (const socket of sockets) {
      const turned = await next(socket);
      expect(turned).toMatchObject({ reset: 'PERIOD_ENDED', changes: [] });
      expect(turned.standings.map(({ score: points }) => points)).toEqual(['0']);
      expect(Date.parse(turned.asOf)).toBeGreaterThanOrEqual(at);
    }
    expect(app.app.server.sharing().executions - executions).toBe(1);
    for (const socket of sockets) expect(socket.waiting()).toEqual([]);
  });

  test('a day, when the organization moves to a zone where it is another', async () => {
    // Between them are 25 hours: whenever this runs, the day is not the same.
    const { acme, ann, id, token } = await stage({ timeZone: 'Pacific/Pago_Pago' }, 'DAY');
    const sockets = await watch(token, id);
    const timeZone = 'Pacific/Kiritimati';
    await updateOrganization(db, await acme.viewer(), { expectedVersion: 1, timeZone });
    for (const socket of sockets) {
      const turned = await next(socket);
      // The metrics are built anew for the other zone: on a quick machine that is seen in the same frame.
      expect(['PERIOD_ENDED', 'BOARD_CHANGED']).toContain(turned.reset);
      expect(turned.changes).toEqual([]);
    }
    await score(app, acme, ann, '2');
    for (const socket of sockets) {
      let shown = await next(socket);
      // What the change of zone does to the roll-ups may be seen first.
      while (shown.standings[0]?.score !== '2') shown = await next(socket);
      expect([null, 'BOARD_CHANGED']).toContain(shown.reset);
    }
  });
});
