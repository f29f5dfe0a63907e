// Every dataset: what a viewer is told in sums is what the same viewer can list, by every key and in every data scope.
import { beforeAll, describe, expect, test } from 'vitest';
import type { Dataset } from '../../src/aggregates/dataset.ts';
import { newId } from '../../src/database/ids.ts';
import { activityDataset, customerDataset } from '../../src/domains/customers/dataset.ts';
import { opportunityDataset, stageChangeDataset } from '../../src/domains/funnels/dataset.ts';
import { meetingDataset } from '../../src/domains/meetings/dataset.ts';
import { taskDataset } from '../../src/domains/tasks/dataset.ts';
import { type TestApp, testApp } from '../support/app.ts';
import type { Actor } from '../support/seed.ts';
import { type Company, makeCompany, pick, randomOf } from './oracle/company.ts';

let app: TestApp;
let company: Company;

beforeAll(async () => {
  app = await testApp({ environment: { MAX_QUERY_COST: '1000000' } });
  company = await makeCompany(app.app.db, 11, 60);
  await addRest();
}, 120_000);

/** Activities, stays in stages, tasks and meetings about what the company has. */
async function addRest(): Promise<void> {
  const { prisma } = app.app.db;
  const random = randomOf(5);
  const organizationId = company.viewers[0]?.organizationId ?? '';
  const people = company.viewers.map(({ memberId }) => memberId);
  const deals = await prisma.opportunity.findMany({ where: { organizationId } });
  const at = () => new Date(company.first.getTime() + random() * 400 * 864e5);
  const maybe = <Value>(value: Value) => (random() < 0.7 ? value : null);
  await prisma.activity.createMany({
    data: Array.from({ length: 50 }, () => ({
      id: newId(),
      organizationId,
      customerId: pick(random, company.customers).id,
      authorId: pick(random, people),
      kind: pick(random, ['CALL', 'VISIT'] as const),
      method: maybe(pick(random, ['WeChat', 'phone'])),
      happenedAt: at(),
      createdAt: at(),
      retractedAt: random() < 0.1 ? at() : null,
    })),
  });
  await prisma.stageChange.createMany({
    data: deals.flatMap(({ id, openedAt, closedAt, stageId, status }) => [
      {
        id: newId(),
        organizationId,
        opportunityId: id,
        stageId,
        status,
        from: openedAt,
        until: closedAt,
        recordedAt: at(),
      },
    ]),
  });
  await prisma.task.createMany({
    data: Array.from({ length: 50 }, (_, index) => {
      const createdAt = at();
      const isDone = random() < 0.5;
      const later = new Date(createdAt.getTime() + random() * 864e5);
      return {
        id: newId(),
        organizationId,
        title: `Task ${index}`,
        status: isDone ? ('DONE' as const) : ('OPEN' as const),
        priority: pick(random, ['LOW', 'HIGH'] as const),
        difficulty: 'NORMAL' as const,
        importance: pick(random, ['SMALL', 'MAJOR'] as const),
        dueAt: maybe(later),
        assigneeId: maybe(pick(random, people)),
        creatorId: pick(random, people),
        customerId: maybe(pick(random, company.customers).id),
        opportunityId: maybe(pick(random, deals).id),
        completedAt: isDone ? later : null,
        createdAt,
        updatedAt: createdAt,
      };
    }),
  });
  const kinds = await prisma.meetingKind.findMany({ where: { organizationId }, take: 2 });
  for (let index = 0; index < 30 && kinds.length > 0; index += 1) {
    const id = newId();
    const [startsAt, hostId] = [at(), pick(random, people)];
    await prisma.meeting.create({
      data: {
        id,
        organizationId,
        kindId: pick(random, kinds).id,
        title: `Meeting ${index}`,
        hostId,
        teamId: maybe(pick(random, company.teams).id),
        startsAt,
        endsAt: new Date(startsAt.getTime() + 36e5),
        status: pick(random, ['SCHEDULED', 'HELD'] as const),
        createdAt: startsAt,
      },
    });
    const invited = new Set([hostId, pick(random, people), pick(random, people)]);
    await prisma.invitation.createMany({
      data: [...invited].map((memberId) => ({ organizationId, meetingId: id, memberId })),
    });
  }
}

interface Case {
  dataset: Dataset;
  field: string;
  /** How many there are by the lists: a query of `nodes`, each of which counts once. */
  list(viewer: Actor): Promise<number>;
}

const total =
  (field: string, args = '') =>
  async (viewer: Actor) => {
    const { list } = await app.expectData<{ list: { totalCount: number } }>(
      `{ list: ${field}${args} { totalCount } }`,
      {},
      viewer,
    );
    return list.totalCount;
  };

/** Of what is listed below other records: those of all that the viewer sees. */
const below = (parent: string, args: string, field: string) => async (viewer: Actor) => {
  const { list } = await app.expectData<{
    list: { nodes: Record<string, { totalCount: number }>[] };
  }>(
    `{ list: ${parent}(first: 100${args}) { nodes { below: ${field} { totalCount } } } }`,
    {},
    viewer,
  );
  return list.nodes.reduce((sum, node) => sum + (node.below?.totalCount ?? 0), 0);
};

const CASES: Case[] = [
  { dataset: customerDataset, field: 'customerAggregate', list: total('customers') },
  {
    dataset: opportunityDataset,
    field: 'opportunityAggregate(where: { archived: false })',
    list: total('opportunities'),
  },
  {
    dataset: stageChangeDataset,
    field: 'stageChangeAggregate(where: { opportunity: { archived: false } })',
    list: below('opportunities', '', 'history'),
  },
  { dataset: taskDataset, field: 'taskAggregate', list: total('tasks') },
  { dataset: meetingDataset, field: 'meetingAggregate', list: total('meetings') },
];

const withArgs = (field: string, args: string) =>
  field.endsWith(')') ? `${field.slice(0, -1)}, ${args})` : `${field}(${args})`;

interface Answer {
  groups: { count: number; records: { totalCount: number; nodes: { __typename: string }[] } }[];
  totals: { count: number };
}

const viewers = [0, 1, 2, 3, 4, 5];

describe.each(CASES)('$field', ({ dataset, field, list }) => {
  test.each(viewers)('tells viewer %i in sums what the lists show', async (index) => {
    const viewer = company.viewers[index] as Actor;
    const { answer } = await app.expectData<{ answer: Answer }>(
      `{ answer: ${field} { totals { count } } }`,
      {},
      viewer,
    );
    expect(answer.totals.count).toBe(await list(viewer));
  });

  test('is whole by every key and time, and has the records behind each group', async () => {
    const viewer = company.viewers[3] as Actor;
    const choices = [
      ...Object.entries(dataset.keys).map(([name, { kind }]) =>
        kind === 'number' ? `{ field: ${name}, bands: ["100"] }` : `{ field: ${name} }`,
      ),
      ...Object.keys(dataset.times).map((name) => `{ field: ${name}, by: MONTH }`),
    ];
    for (const choice of choices) {
      const args = `groupBy: [${choice}], rollup: true, fillGaps: true`;
      const { answer } = await app.expectData<{ answer: Answer }>(
        `{ answer: ${withArgs(field, args)} {
          groups { count records(first: 100) { totalCount nodes { __typename } } } totals { count } } }`,
        {},
        viewer,
      );
      const sum = answer.groups.reduce((counted, { count }) => counted + count, 0);
      const name = /field: (\w+)/.exec(choice)?.[1] ?? '';
      const isMany = ['list', 'records', 'team'].includes(dataset.keys[name]?.kind ?? '');
      if (isMany) expect(sum, choice).toBeGreaterThanOrEqual(answer.totals.count);
      else expect(sum, choice).toBe(answer.totals.count);
      for (const { count, records } of answer.groups) {
        expect(records.totalCount, choice).toBe(count);
        expect(records.nodes.length, choice).toBe(Math.min(count, 100));
      }
    }
  });

  test('works out every figure that it names', async () => {
    const names = Object.values(dataset.decimals).map(
      ({ field: name }) => `${name} { sum avg min max median stddev percentile(p: 0.5) }`,
    );
    const distinct = Object.keys(dataset.distinct).map(
      (name) => `d${name}: distinct(field: ${name})`,
    );
    const { answer } = await app.expectData<{ answer: { totals: Record<string, unknown> } }>(
      `{ answer: ${field} { totals { ${[...names, ...distinct].join(' ')} } } }`,
      {},
      company.viewers[0],
    );
    for (const { field: name } of Object.values(dataset.decimals)) {
      const { median, percentile } = answer.totals[name] as Record<string, string>;
      expect(median, name).not.toBeNull();
      expect(median, name).toBe(percentile);
    }
    for (const name of Object.keys(dataset.distinct)) {
      expect(answer.totals[`d${name}`], name).toBeGreaterThan(0);
    }
  });
});

/** By hand: there is no list of all activities to compare with. */
test.each(viewers)('activities told to viewer %i are those of the data scope', async (index) => {
  const viewer = company.viewers[index] as Actor;
  const { visibleMembers } = await viewer.viewer();
  const sees = (id: string) => visibleMembers === 'ALL' || visibleMembers.has(id);
  const rows = await app.app.db.prisma.activity.findMany({
    where: { organizationId: viewer.organizationId, retractedAt: null },
    include: { customer: true },
  });
  const expected = rows.filter(
    ({ authorId, customer }) => sees(authorId) || sees(customer.ownerId),
  );
  const calls = expected.filter(({ kind }) => kind === 'CALL');
  const { answer } = await app.expectData<{ answer: { totals: object } }>(
    `{ answer: activityAggregate(groupBy: [{ field: ${Object.keys(activityDataset.keys)[0]} }]) {
       totals { count calls: count(where: { kind: { in: [CALL] } }) } } }`,
    {},
    viewer,
  );
  expect(answer.totals).toEqual({ count: expected.length, calls: calls.length });
});
