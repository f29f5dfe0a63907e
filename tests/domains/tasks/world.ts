import type { Database } from '../../../src/database/database.ts';
import { newId } from '../../../src/database/ids.ts';
import { transact } from '../../../src/database/transact.ts';
import type { MemberViewer } from '../../../src/database/viewer.ts';
import { createTask } from '../../../src/domains/tasks/service.ts';
import { readTail } from '../../../src/events/log.ts';
import type { LoggedEvent } from '../../../src/events/logged-event.ts';
import { defineAgainstEvents, STANDARD_GRAINS } from '../../../src/metrics/definition.ts';
import { insertMetric, insertVersion, readCalendar } from '../../../src/metrics/store.ts';
import { type Actor, org } from '../../support/seed.ts';

/** Two teams of one company: a manager with two reps, another with one. */
export interface World {
  organizationId: string;
  admin: Actor;
  north: { manager: Actor; rep: Actor; other: Actor };
  south: { manager: Actor; rep: Actor };
}

export async function twoTeams(db: Database): Promise<World> {
  const company = await org(db);
  await countCompletions(db, await company.viewer());
  const [north, south] = [await company.team('北区'), await company.team('南区')];
  return {
    organizationId: company.organizationId,
    admin: company,
    north: {
      manager: await company.manager({ team: north, name: '王经理' }),
      rep: await company.rep({ team: north, name: '李伟' }),
      other: await company.rep({ team: north, name: '张敏' }),
    },
    south: {
      manager: await company.manager({ team: south, name: '陈经理' }),
      rep: await company.rep({ team: south, name: '赵强' }),
    },
  };
}

/** A task that the viewer makes for himself, or for `assigneeId`. */
export async function newTask(
  db: Database,
  viewer: MemberViewer,
  input: Partial<Parameters<typeof createTask>[2]> = {},
): Promise<string> {
  const { id } = await createTask(db, viewer, { title: '给客户回电话', ...input });
  return id;
}

/** All that the log says of one record, oldest first. */
export async function eventsOf(
  db: Database,
  organizationId: string,
  recordId: string,
): Promise<LoggedEvent[]> {
  const events = await readTail(db.pool, organizationId, { position: 0, loggedAt: null }, 100_000);
  return events.filter((event) => event.recordId === recordId);
}

/** The key of a metric of one point a completion, by which these tests see what was credited. */
export const COMPLETIONS = 'test-completions';

async function countCompletions(db: Database, admin: MemberViewer): Promise<void> {
  await transact(db, admin, 'defineMetrics', {}, async (tx) => {
    const calendar = await readCalendar(tx.connection, tx.organizationId);
    const metric = { id: newId(), key: COMPLETIONS, name: COMPLETIONS, description: null };
    await insertMetric(tx, metric);
    const definition = defineAgainstEvents({ event: 'task.completed', valueField: null }, calendar);
    await insertVersion(tx, metric.id, definition, STANDARD_GRAINS, 'ACTIVE');
    tx.bumpRevision();
    tx.event({
      ...{ type: 'metric.defined', version: 1, payload: {} },
      ...{ recordType: 'Metric', recordId: metric.id, recordVersion: 1 },
      visibility: { before: null, after: null },
    });
    return {};
  });
}
