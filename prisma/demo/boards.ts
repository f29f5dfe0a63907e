import type { Database } from '../../src/database/database.ts';
import {
  type CreateLeaderboard,
  createLeaderboard,
} from '../../src/domains/leaderboards/service.ts';
import { createDisplayToken } from '../../src/domains/organization/tokens.ts';
import { setTarget } from '../../src/domains/targets/service.ts';
import type { Staff } from './people.ts';
import type { Random } from './random.ts';

const MEMBER_TARGET = 400_000;

/** The boards on the wall, and this month's targets that one of them measures by. */
export async function hangBoards(db: Database, staff: Staff, random: Random): Promise<string[]> {
  const { admin, organizationId, rootTeamId } = staff;
  const metrics = await db.prisma.metric.findMany({ where: { organizationId } });
  const metric = (key: string) => metrics.find((one) => one.key === key)?.id ?? '';
  const won = { metricId: metric('won-amount') };
  const boards: CreateLeaderboard[] = [
    { name: '本月业绩榜', periodUnit: 'MONTH', measures: [won] },
    { name: '本周电话榜', periodUnit: 'WEEK', measures: [{ metricId: metric('calls') }] },
    {
      name: '团队业绩榜',
      periodUnit: 'MONTH',
      contestants: 'TEAMS',
      scopeTeamId: rootTeamId,
      measures: [won],
    },
    {
      name: '本月目标达成榜',
      periodUnit: 'MONTH',
      measures: [{ ...won, kind: 'PERCENT_OF_TARGET' }],
    },
  ];
  const ids: string[] = [];
  for (const board of boards) ids.push((await createLeaderboard(db, admin, board)).id);

  for (const team of staff.teams) {
    let sum = 0;
    for (const { id } of team.people) {
      const value = MEMBER_TARGET + 50_000 * random.between(-3, 4);
      sum += value;
      await setMonthTarget(db, staff, won.metricId, { type: 'Member', id }, value);
    }
    await setMonthTarget(db, staff, won.metricId, { type: 'Team', id: team.id }, sum);
  }
  return ids;
}

const setMonthTarget = (
  db: Database,
  { admin }: Staff,
  metricId: string,
  contestant: { type: 'Member' | 'Team'; id: string },
  value: number,
) => setTarget(db, admin, { metricId, contestant, unit: 'MONTH', value: String(value) });

/** For a screen that shows all of them. */
export async function displayFor(
  db: Database,
  { admin }: Staff,
  leaderboardIds: readonly string[],
): Promise<string> {
  const { secret } = await createDisplayToken(db, admin, { name: '大厅屏幕', leaderboardIds });
  if (!secret) throw new Error('the display token was not given');
  return secret;
}
