// What the standard metrics are made of is declared there.
import '../customers/metrics.ts';
import '../funnels/metrics.ts';
import '../meetings/metrics.ts';
import '../tasks/metrics.ts';
import { newId } from '../../database/ids.ts';
import type { Tx } from '../../database/transaction.ts';
import {
  type DefinitionInput,
  defineAgainstEvents,
  STANDARD_GRAINS,
} from '../../metrics/definition.ts';
import { insertMetric, insertVersion, readCalendar } from '../../metrics/store.ts';
import { onOrganizationCreated } from '../organization/created.ts';

interface StandardMetric extends DefinitionInput {
  key: string;
  name: string;
  description: string;
}

/** The metrics that every organization has from the start. */
export const STANDARD_METRICS: readonly StandardMetric[] = [
  {
    key: 'won-amount',
    name: 'Won amount',
    description: 'The amounts of the opportunities won, for their owners at the winning.',
    event: 'opportunity.won',
    valueField: 'amount',
  },
  {
    key: 'won-count',
    name: 'Won count',
    description: 'The number of opportunities won.',
    event: 'opportunity.won',
  },
  {
    key: 'new-customers',
    name: 'New customers',
    description: 'The number of customers created, for their first owners.',
    event: 'customer.created',
  },
  {
    key: 'calls',
    name: 'Calls',
    description: 'The number of calls logged.',
    event: 'activity.logged',
    conditions: [{ field: 'kind', in: ['CALL'] }],
  },
  {
    key: 'visits',
    name: 'Visits',
    description: 'The number of visits logged.',
    event: 'activity.logged',
    conditions: [{ field: 'kind', in: ['VISIT'] }],
  },
  {
    key: 'tasks-completed',
    name: 'Tasks completed',
    description: 'The number of tasks completed.',
    event: 'task.completed',
  },
  {
    key: 'meetings-attended',
    name: 'Meetings attended',
    description: 'The number of meetings attended, present or late.',
    event: 'meeting.attendance_recorded',
    conditions: [{ field: 'attendance', in: ['PRESENT', 'LATE'] }],
  },
];

/** For a new organization, whose log holds nothing that these could count: complete as they are. */
export async function giveStandardMetrics(tx: Tx): Promise<void> {
  const calendar = await readCalendar(tx.connection, tx.organizationId);
  for (const { key, name, description, ...definition } of STANDARD_METRICS) {
    const id = newId();
    await insertMetric(tx, { id, key, name, description });
    await insertVersion(
      tx,
      id,
      defineAgainstEvents(definition, calendar),
      STANDARD_GRAINS,
      'ACTIVE',
    );
  }
  tx.bumpRevision();
}

onOrganizationCreated(giveStandardMetrics);
