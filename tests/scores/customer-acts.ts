import { logActivity, retractActivity } from '../../src/domains/customers/activities.ts';
import {
  archiveCustomer,
  createCustomer,
  unarchiveCustomer,
} from '../../src/domains/customers/service.ts';
import { recordAttendance } from '../../src/domains/meetings/holding.ts';
import { scheduleMeeting } from '../../src/domains/meetings/service.ts';
import { createTask } from '../../src/domains/tasks/service.ts';
import { completeTask, reopenTask } from '../../src/domains/tasks/transitions.ts';
import type { Doing } from './acts.ts';
import type { Company } from './company.ts';
import { done } from './done.ts';
import {
  ATTENDANCES,
  active,
  asDate,
  isThere,
  momentBack,
  ONE,
  pick,
  type Single,
} from './records.ts';

/** It counts, or it does no more. */
function counts({ model }: Company, metric: string, single: Single, isSo: boolean): void {
  single.counts = isSo;
  const { id, by: member, at } = single;
  model.worth(metric, id, isSo ? { member, at, amount: ONE } : null);
}

export const customerActs = {
  async call(company, records, { who, back }) {
    const by = pick(active(company), who);
    const happenedAt = momentBack(company, back);
    const logged = await done(
      company,
      null,
      logActivity(company.db, company.as(by), {
        ...{ customerId: company.customerId, kind: 'CALL', happenedAt: asDate(happenedAt) },
      }),
    );
    if (!logged) return;
    const call = { id: logged.id, counts: true, by, at: happenedAt ?? logged.at };
    records.calls.push(call);
    counts(company, 'calls', call, true);
  },

  async retract(company, records, { what }) {
    const standing = records.calls.filter((call) => call.counts);
    if (standing.length === 0) return;
    const call = pick(standing, what);
    await done(company, null, retractActivity(company.db, company.admin, { id: call.id }));
    counts(company, 'calls', call, false);
  },

  async completeTask(company, records, { who, what }) {
    const { db, admin } = company;
    const open = records.tasks.filter((task) => !task.counts);
    const again = open.length > 0 && what % 2 > 0 ? pick(open, what) : null;
    const by = again?.by ?? pick(active(company), who);
    const id = again?.id ?? (await createTask(db, admin, { title: 'Call', assigneeId: by })).id;
    const completed = await done(company, null, completeTask(db, admin, { id }));
    if (!completed) return;
    const task = again ?? { id, counts: true, by, at: 0 };
    if (!again) records.tasks.push(task);
    task.at = completed.at;
    counts(company, 'tasks-completed', task, true);
  },

  async reopenTask(company, records, { what }) {
    const complete = records.tasks.filter((task) => task.counts);
    if (complete.length === 0) return;
    const task = pick(complete, what);
    await done(company, null, reopenTask(company.db, company.admin, { id: task.id }));
    counts(company, 'tasks-completed', task, false);
  },

  /** Enters whether somebody came to a meeting, or corrects it. */
  async attend(company, records, { who, what, back }) {
    const { db, admin, kindId, model, clock } = company;
    if (records.meetings.length === 0 || what % 3 === 0) {
      const at = momentBack(company, back) ?? clock.now;
      const { id } = await scheduleMeeting(db, admin, { kindId, startsAt: new Date(at) });
      records.meetings.push({ id, at, came: new Map() });
    }
    const meeting = pick(records.meetings, what);
    const memberId = pick(active(company), who);
    const attendance = pick(ATTENDANCES, who + what);
    const { id, at, came } = meeting;
    await recordAttendance(db, admin, { id, attendance: [{ memberId, attendance }] });
    came.set(memberId, attendance);
    const worth = isThere(attendance) ? { member: memberId, at, amount: ONE } : null;
    model.worth('meetings-attended', `${id}:${memberId}`, worth);
  },

  async createCustomer(company, records, { who }) {
    const by = pick(active(company), who);
    const input = { name: 'Customer', ownerId: by };
    const created = await done(company, null, createCustomer(company.db, company.admin, input));
    if (!created) return;
    const customer = { id: created.id, counts: true, by, at: created.at };
    records.customers.push(customer);
    counts(company, 'new-customers', customer, true);
  },

  /** Archives one as a mistake, or takes it back. */
  async toggleCustomer(company, records, { what }) {
    const { db, admin } = company;
    if (records.customers.length === 0) return;
    const customer = pick(records.customers, what);
    const { id } = customer;
    const change = customer.counts
      ? archiveCustomer(db, admin, { id, asMistake: true })
      : unarchiveCustomer(db, admin, { id });
    await done(company, null, change);
    counts(company, 'new-customers', customer, !customer.counts);
  },
} satisfies Record<string, Doing>;
