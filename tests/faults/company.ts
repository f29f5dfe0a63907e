// The organizations that the faults happen to, made by the product's own services.
import { encodeGlobalId } from '../../src/api/global-ids.ts';
import type { Database } from '../../src/database/database.ts';
import { createFunnel } from '../../src/domains/funnels/funnel-service.ts';
import { createLeaderboard } from '../../src/domains/leaderboards/service.ts';
// What every room gives to a new organization.
import '../../src/schema.ts';
import { org } from '../support/seed.ts';

export interface Person {
  memberId: string;
  name: string;
  token: string;
}

export interface Company {
  organizationId: string;
  /** Sees everything in it. */
  admin: Person;
  /** Each sees what is their own. */
  reps: readonly Person[];
  /** Global ids. */
  funnelId: string;
  boardId: string;
}

const STAGES = [
  { name: '洽谈', kind: 'OPEN', probability: '0.5' },
  { name: '赢单', kind: 'WON' },
  { name: '输单', kind: 'LOST' },
] as const;

/** An organization with people who compete on one board of all time, so that no midnight changes what is expected. */
export async function foundCompany(db: Database, people: number): Promise<Company> {
  const founder = await org(db);
  const { organizationId } = founder;
  const viewer = await founder.viewer();
  const reps: Person[] = [];
  for (let n = 1; n <= people; n += 1) {
    const name = `成员 ${n}`;
    const { memberId, token } = await founder.rep({ name });
    reps.push({ memberId, name, token });
  }
  const funnel = await createFunnel(db, viewer, { name: '销售', stages: STAGES });
  const metric = await db.prisma.metric.findFirstOrThrow({
    where: { organizationId, key: 'won-amount' },
  });
  const board = await createLeaderboard(db, viewer, {
    ...{ name: '总榜', periodUnit: 'ALL_TIME', tieBreak: 'NONE' },
    measures: [{ metricId: metric.id }],
  });
  return {
    organizationId,
    admin: { memberId: founder.memberId, name: '管理员', token: founder.token },
    reps,
    funnelId: encodeGlobalId('Funnel', funnel.id),
    boardId: encodeGlobalId('Leaderboard', board.id),
  };
}
