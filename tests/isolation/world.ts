// One organization with at least one record of every kind, made by acting. Two of them have the same shape and no text
// in common, so that whatever one of them reads of the other can be recognized.
import '../../src/schema.ts';
import type { Database } from '../../src/database/database.ts';
import { logActivity } from '../../src/domains/customers/activities.ts';
import { addContact } from '../../src/domains/customers/contacts.ts';
import {
  archiveCustomer,
  createCustomer,
  transferCustomer,
} from '../../src/domains/customers/service.ts';
import { createFunnel } from '../../src/domains/funnels/funnel-service.ts';
import { createOpportunity } from '../../src/domains/funnels/service.ts';
import {
  loseOpportunity,
  moveOpportunity,
  winOpportunity,
} from '../../src/domains/funnels/transitions.ts';
import { recordAttendance, recordMinutes } from '../../src/domains/meetings/holding.ts';
import { scheduleMeeting } from '../../src/domains/meetings/service.ts';
import { setTarget } from '../../src/domains/targets/service.ts';
import { checkItem, watchTask } from '../../src/domains/tasks/following.ts';
import { createTask } from '../../src/domains/tasks/service.ts';
import { completeTask, startTask } from '../../src/domains/tasks/transitions.ts';
import { type Marks, marksOf } from './marks.ts';
import { type Company, found, type PersonName } from './world-company.ts';
import { addRemarks } from './world-remarks.ts';

export interface World extends Company {
  marks: Marks;
  /** By type name: the record that a call names when it may name any. They belong to one another. */
  main: Record<string, string>;
}

const HOUR = 3_600_000;
const ago = (hours: number): Date => new Date(Date.now() - hours * HOUR);

export async function createWorld(db: Database, name: string): Promise<World> {
  const marks = marksOf(name);
  const company = await found(db, marks);
  const world: World = { ...company, marks, main: { ...company.main } };
  await openShop(db, world);
  for (const person of SELLERS) await work(db, world, person);
  // What `main` names is the work of the one who came last.
  await addRemarks(db, world);
  return world;
}

const SELLERS: readonly PersonName[] = ['stranger', 'leader', 'junior', 'rep'];

async function openShop(db: Database, { marks, admin, main }: World): Promise<void> {
  const viewer = await admin.viewer();
  const { text } = marks;
  const funnel = await createFunnel(db, viewer, {
    name: text('funnel'),
    externalId: text('funnel-ext'),
    stages: [
      { name: text('first stage'), kind: 'OPEN', probability: '0.1', steps: text('steps') },
      { name: text('second stage'), kind: 'OPEN', probability: '0.5', limitDays: 10 },
      { name: text('won stage'), kind: 'WON' },
      { name: text('lost stage'), kind: 'LOST' },
    ],
  });
  const stages = await db.prisma.stage.findMany({
    where: { funnelId: funnel.id },
    orderBy: { ordinal: 'asc' },
  });
  main.Funnel = funnel.id;
  main.Stage = stages[1]?.id ?? '';
}

/** What a seller has after some days: every kind of record that has an owner. */
async function work(db: Database, world: World, person: PersonName): Promise<void> {
  const { marks, main, people, admin } = world;
  const { text, amount, phone } = marks;
  const actor = people[person];
  const viewer = await actor.viewer();
  const { memberId } = actor;

  const parent = await createCustomer(db, viewer, { name: text('parent company') });
  const customer = await createCustomer(db, viewer, {
    name: text('customer'),
    parentId: parent.id,
    externalId: text('customer-ext'),
    industry: text('industry'),
    region: text('region'),
    source: text('source'),
    grade: 'A',
    tags: [text('tag')],
    phones: [phone()],
    emails: [marks.email()],
    address: text('address'),
    annualRevenue: amount(),
    lifecycle: 'ACTIVE',
  });
  const mistake = await createCustomer(db, viewer, { name: text('mistake') });
  await archiveCustomer(db, viewer, { id: mistake.id, asMistake: true });
  const given = await createCustomer(db, await admin.viewer(), { name: text('given') });
  await transferCustomer(db, await admin.viewer(), { id: given.id, ownerId: memberId });
  const contact = await addContact(db, viewer, {
    customerId: customer.id,
    name: text('contact'),
    externalId: text('contact-ext'),
    post: text('post'),
    role: text('buying role'),
    phones: [phone()],
    emails: [marks.email()],
  });
  for (const kind of ['CALL', 'VISIT'] as const) {
    const activity = await logActivity(db, viewer, {
      customerId: customer.id,
      contactId: contact.id,
      kind,
      method: text('method'),
      result: text('result'),
      body: text('activity'),
      nextFollowUpAt: new Date(Date.now() + 24 * HOUR),
    });
    main.Activity = activity.id;
  }

  const deal = {
    funnelId: main.Funnel ?? '',
    customerId: customer.id,
    productId: main.Product ?? '',
    expectedCloseOn: '2031-05-17',
  };
  const won = await createOpportunity(db, viewer, {
    ...{ ...deal, name: text('won deal'), externalId: text('deal-ext'), amount: amount() },
  });
  await moveOpportunity(db, viewer, { id: won.id, stageId: main.Stage ?? '' });
  await winOpportunity(db, viewer, { id: won.id, wonAmount: amount() });
  const lost = await createOpportunity(db, viewer, { ...deal, name: text('lost deal') });
  await loseOpportunity(db, viewer, { id: lost.id, reason: text('loss reason') });
  const open = await createOpportunity(db, viewer, {
    ...{ ...deal, name: text('open deal'), amount: amount() },
  });

  const meeting = await scheduleMeeting(db, viewer, {
    kindId: main.MeetingKind ?? '',
    teamId: main.Team ?? '',
    startsAt: ago(2),
    title: text('meeting'),
    place: text('place'),
    agenda: [{ topic: text('topic'), minutes: 5, presenterId: memberId }],
    inviteIds: [memberId],
    inviteTeam: false,
  });
  await recordAttendance(db, viewer, {
    id: meeting.id,
    attendance: [{ memberId, attendance: 'PRESENT' }],
  });
  await recordMinutes(db, viewer, { id: meeting.id, minutes: text('minutes') });
  const planned = await scheduleMeeting(db, viewer, {
    kindId: main.MeetingKind ?? '',
    startsAt: new Date(Date.now() + 26 * HOUR),
    title: text('planned meeting'),
    inviteIds: [memberId],
  });

  const links = { customerId: customer.id, opportunityId: open.id, meetingId: meeting.id };
  const task = await createTask(db, viewer, {
    ...links,
    title: text('task'),
    description: text('task text'),
    checklist: [text('item')],
  });
  const [item] = await db.prisma.checklistItem.findMany({ where: { taskId: task.id } });
  await checkItem(db, viewer, { id: task.id, itemId: item?.id ?? '' });
  await startTask(db, viewer, { id: task.id });
  const done = await createTask(db, viewer, { ...links, title: text('done task') });
  await completeTask(db, viewer, { id: done.id });
  const watched = await createTask(db, await admin.viewer(), { title: text('watched task') });
  await watchTask(db, await admin.viewer(), { id: watched.id, memberId });

  const target = await setTarget(db, await admin.viewer(), {
    metricId: main.Metric ?? '',
    contestant: { type: 'Member', id: memberId },
    unit: 'MONTH',
    value: amount(),
  });
  Object.assign(main, {
    ...{ Customer: customer.id, Contact: contact.id, Opportunity: open.id, Member: memberId },
    ...{ Meeting: planned.id, Task: task.id, ChecklistItem: item?.id, Target: target.id },
  });
}
