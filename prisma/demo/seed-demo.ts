import { checkCalendarSettings } from '../../src/calendar/settings.ts';
import type { Database } from '../../src/database/database.ts';
import { displayFor, hangBoards } from './boards.ts';
import { ORGANIZATION } from './content.ts';
import { planCustomers } from './customers.ts';
import { openShop, planDeals } from './deals.ts';
import { type Account, hire } from './people.ts';
import { Random } from './random.ts';
import { Timeline } from './timeline.ts';
import { planMeetings, planTasks } from './work.ts';
// What every room gives to a new organization, and what earns points in it.
import '../../src/schema.ts';

export interface Demo {
  organizationKey: string;
  /** One for each role. The passwords are random and known nowhere else. */
  accounts: Account[];
  /** For a screen on the wall: shows the boards and nothing else. */
  displayToken: string;
}

const KEY = 'demo';
const SEED = 20_240_601;
const DAYS = 95;

/**
 * Makes the demonstration organization: three months of a sales centre's work up to this minute, done through the
 * services. The content is the same in every run, relative to now. Null: it is there already.
 *
 * One that was interrupted halfway is left as it is, and another is made beside it.
 */
export async function seedDemo(db: Database): Promise<Demo | null> {
  const key = await freeKey(db);
  if (key === null) return null;
  const settings = checkCalendarSettings(ORGANIZATION);
  const random = new Random(SEED);
  const line = new Timeline(db, settings, new Date());

  const staff = await line.act(line.moment(DAYS, 0), () => hire(line.db, key));
  const shop = await line.act(line.moment(DAYS, 0.1), () => openShop(line, staff));
  const customers = planCustomers(line, random, staff);
  planDeals(line, random, shop, customers);
  planTasks(line, random, staff, customers);
  await planMeetings(line, random, staff);
  await line.run();

  const boards = await hangBoards(db, staff, random);
  const displayToken = await displayFor(db, staff, boards);
  return { organizationKey: key, accounts: staff.accounts, displayToken };
}

/** The display token is made last: without one the making of an organization was interrupted. */
async function freeKey(db: Database): Promise<string | null> {
  for (let number = 1; ; number += 1) {
    const key = number === 1 ? KEY : `${KEY}-${number}`;
    const found = await db.prisma.organization.findUnique({ where: { key } });
    if (!found) return key;
    const where = { organizationId: found.id, kind: 'DISPLAY' as const };
    if ((await db.prisma.accessToken.count({ where })) > 0) return null;
  }
}
