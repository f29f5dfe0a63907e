// Records of some people that hang on records of others, so that a data scope has to hold on every way between them.
import type { Database } from '../../src/database/database.ts';
import { addComment } from '../../src/domains/comments/service.ts';
import { logActivity } from '../../src/domains/customers/activities.ts';
import { addContact } from '../../src/domains/customers/contacts.ts';
import { createCustomer, transferCustomer } from '../../src/domains/customers/service.ts';
import { createOpportunity, transferOpportunity } from '../../src/domains/funnels/service.ts';
import { addActionItem } from '../../src/domains/meetings/holding.ts';
import { scheduleMeeting } from '../../src/domains/meetings/service.ts';
import { watchTask } from '../../src/domains/tasks/following.ts';
import { assignTask, createTask } from '../../src/domains/tasks/service.ts';
import type { World } from './world.ts';
import { PEOPLE, type PersonName } from './world-company.ts';

const HOUR = 3_600_000;

/** Each gives a customer with all that he has done there to the next, and works on for him. */
export async function entangle(db: Database, world: World): Promise<void> {
  const names = Object.keys(PEOPLE) as PersonName[];
  for (const [index, name] of names.entries()) {
    const next = names[(index + 1) % names.length] ?? name;
    const after = names[(index + 3) % names.length] ?? name;
    await handOver(db, world, name, next, after);
  }
}

async function handOver(
  db: Database,
  { admin, people, main, marks: { text, amount } }: World,
  from: PersonName,
  to: PersonName,
  watcher: PersonName,
): Promise<void> {
  const viewer = await people[from].viewer();
  const boss = await admin.viewer();
  const [fromId, toId] = [people[from].memberId, people[to].memberId];

  const customer = await createCustomer(db, viewer, { name: text('handed over') });
  const customerId = customer.id;
  const contact = await addContact(db, viewer, { customerId, name: text('contact') });
  await logActivity(db, viewer, { customerId, contactId: contact.id, kind: 'CALL' });
  const deal = await createOpportunity(db, viewer, {
    ...{ name: text('deal'), funnelId: main.Funnel ?? '', customerId, amount: amount() },
  });
  const meeting = await scheduleMeeting(db, boss, {
    ...{ kindId: main.MeetingKind ?? '', hostId: toId, inviteIds: [people[watcher].memberId] },
    startsAt: new Date(Date.now() + 30 * HOUR),
    title: text('joint meeting'),
  });
  const links = { customerId, opportunityId: deal.id };
  const task = await createTask(db, boss, {
    ...{ ...links, meetingId: meeting.id, title: text('joint task'), assigneeId: fromId },
    checklist: [text('item')],
  });
  await watchTask(db, boss, { id: task.id, memberId: people[watcher].memberId });
  const item = { meetingId: meeting.id, title: text('action item'), assigneeId: fromId };
  await addActionItem(db, boss, item);
  for (const [type, id] of [
    ['Customer', customerId],
    ['Task', task.id],
    ['Meeting', meeting.id],
  ]) {
    const record = { type: type ?? '', id: id ?? '' };
    await addComment(db, boss, { record, body: text('remark') });
  }
  await createCustomer(db, viewer, { name: text('subsidiary'), parentId: customerId });
  await transferCustomer(db, boss, { id: customerId, ownerId: toId });
  if (from === 'rep') await transferOpportunity(db, boss, { id: deal.id, ownerId: toId });
  if (from === 'junior') await assignTask(db, boss, { id: task.id, assigneeId: toId });
}
