// A board, and changes of it that are committed by a process that serves nobody.
import { encodeGlobalId } from '../../src/api/global-ids.ts';
import type { Database } from '../../src/database/database.ts';
import { correctScore, createLeaderboard } from '../../src/domains/leaderboards/service.ts';
import { createFeed, type Feed } from '../../src/events/feed.ts';
import { postgresWakeups } from '../../src/events/postgres-wakeups.ts';
import { makeOrganization } from '../organization.ts';

export interface World {
  boardId: string;
  token: string;
  /** One more for the leader: when it was committed, in milliseconds of the epoch, and how it will stand on the board. */
  score(): Promise<{ committedAt: number; shown: string }>;
  stop(): Promise<void>;
}

const MEMBERS = 30;

export async function makeWorld(db: Database, url: string): Promise<World> {
  const { admin, token, members } = await makeOrganization(db, MEMBERS);
  const { organizationId } = admin;
  const where = { key: 'won-amount', organizationId };
  const { id: metricId } = await db.prisma.metric.findFirstOrThrow({ where });
  const measures = [{ metricId }];
  const { id } = await createLeaderboard(db, admin, {
    name: 'Bench',
    periodUnit: 'MONTH',
    measures,
  });
  for (const [at, memberId] of members.entries()) {
    const amount = String(1_000_000 + at);
    await correctScore(db, admin, { metricId, memberId, amount, reason: 'Bench' });
  }
  const feed: Feed = createFeed(db, { wakeups: postgresWakeups(url, () => {}) });
  await feed.start();
  let committedAt = 0;
  db.commitListeners.add(() => {
    committedAt = performance.timeOrigin + performance.now();
  });
  let total = 2_000_000;
  const leader = members[0] ?? '';
  await correctScore(db, admin, { metricId, memberId: leader, amount: '1000000', reason: 'Bench' });
  return {
    boardId: encodeGlobalId('Leaderboard', id),
    token,
    async score() {
      total += 1;
      await correctScore(db, admin, { metricId, memberId: leader, amount: '1', reason: 'Bench' });
      return { committedAt, shown: `"score":"${total}"` };
    },
    stop: () => feed.stop(),
  };
}
