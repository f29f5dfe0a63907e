import { NamedError } from '../../src/database/errors.ts';
import { runText } from '../../src/database/statements.ts';
import { logActivity, retractActivity } from '../../src/domains/customers/activities.ts';
import {
  archiveCustomer,
  createCustomer,
  unarchiveCustomer,
} from '../../src/domains/customers/service.ts';
import {
  archiveOpportunity,
  createOpportunity,
  transferOpportunity,
  updateOpportunity,
} from '../../src/domains/funnels/service.ts';
import {
  loseOpportunity,
  reopenOpportunity,
  winOpportunity,
} from '../../src/domains/funnels/transitions.ts';
import { correctScore } from '../../src/domains/leaderboards/service.ts';
import { recordAttendance } from '../../src/domains/meetings/holding.ts';
import { scheduleMeeting } from '../../src/domains/meetings/service.ts';
import { closePeriod, reopenPeriod } from '../../src/domains/organization/closing.ts';
import { createMember, deactivateMember, moveMember } from '../../src/domains/people/members.ts';
import { createTeam, moveTeam } from '../../src/domains/people/teams.ts';
import { createTask } from '../../src/domains/tasks/service.ts';
import { completeTask, reopenTask } from '../../src/domains/tasks/transitions.ts';
import { type Company, HOUR, METRICS, setClock } from './company.ts';
import {
  AMOUNTS,
  ATTENDANCES,
  asDate,
  dayStart,
  dayText,
  decimal,
  momentBack,
  pick,
} from './records.ts';
import type { Act, Step } from './steps.ts';

/** What is there by now; whoever acts may have been forestalled by another. */
export interface Known {
  people: string[];
  teams: string[];
  deals: string[];
  calls: string[];
  tasks: string[];
  customers: string[];
  meetings: string[];
}

type Doing = (company: Company, known: Known, step: Step) => Promise<unknown>;

const keep = async (where: string[], made: Promise<{ id: string }>): Promise<string> => {
  const { id } = await made;
  where.push(id);
  return id;
};

async function open(company: Company, known: Known, { who, what, back }: Step): Promise<string> {
  const { db, admin, funnelId } = company;
  const openedAt = asDate(momentBack(company, back)) ?? null;
  const given = { ownerId: pick(known.people, who), amount: decimal(pick(AMOUNTS, what)) };
  const input = { name: 'Deal', funnelId, openedAt, ...given };
  return keep(known.deals, createOpportunity(db, admin, input));
}

async function restate({ db, admin }: Company, id: string, change: object): Promise<unknown> {
  const [deal] = await runText<{ version: number }>(
    db.pool,
    'SELECT version FROM opportunity WHERE id = $1',
    [id],
  );
  return updateOpportunity(db, admin, { id, expectedVersion: deal?.version ?? 0, ...change });
}

const DOINGS: Record<Act, Doing> = {
  async sell(company, known, step) {
    const id = await open(company, known, step);
    const closedAt = asDate(momentBack(company, step.back)) ?? null;
    return winOpportunity(company.db, company.admin, { id, closedAt });
  },
  open,
  win: (company, known, { what, back }) =>
    winOpportunity(company.db, company.admin, {
      id: pick(known.deals, what),
      closedAt: asDate(momentBack(company, back)) ?? null,
    }),
  lose: ({ db, admin }, known, { what }) =>
    loseOpportunity(db, admin, { id: pick(known.deals, what), reason: 'price' }),
  reopen: ({ db, admin }, known, { what }) =>
    reopenOpportunity(db, admin, { id: pick(known.deals, what) }),
  restateAmount: (company, known, { who, what }) =>
    restate(company, pick(known.deals, what), { wonAmount: decimal(pick(AMOUNTS, who)) }),
  restateCredit: (company, known, { who, what }) =>
    restate(company, pick(known.deals, what), { creditedToId: pick(known.people, who) }),
  restateProduct: (company, known, { who, what }) =>
    restate(company, pick(known.deals, what), { productId: pick(company.products, who) }),
  transfer: ({ db, admin }, known, { who, what }) =>
    transferOpportunity(db, admin, {
      id: pick(known.deals, what),
      ownerId: pick(known.people, who),
    }),
  archive: ({ db, admin }, known, { what }) =>
    archiveOpportunity(db, admin, { id: pick(known.deals, what) }),
  archiveAsMistake: ({ db, admin }, known, { what }) =>
    archiveOpportunity(db, admin, { id: pick(known.deals, what), asMistake: true }),
  call: (company, known, { who, back }) => {
    const happenedAt = asDate(momentBack(company, back));
    const input = { customerId: company.customerId, kind: 'CALL' as const, happenedAt };
    return keep(known.calls, logActivity(company.db, company.as(pick(known.people, who)), input));
  },
  retract: ({ db, admin }, known, { what }) =>
    retractActivity(db, admin, { id: pick(known.calls, what) }),
  async attend({ db, admin, kindId, clock }, known, { who, what }) {
    const startsAt = new Date(clock.now - 1_000);
    const id =
      known.meetings.length > 0 && what % 3 > 0
        ? pick(known.meetings, what)
        : await keep(known.meetings, scheduleMeeting(db, admin, { kindId, startsAt }));
    const memberId = pick(known.people, who);
    const attendance = pick(ATTENDANCES, who + what);
    return recordAttendance(db, admin, { id, attendance: [{ memberId, attendance }] });
  },
  async completeTask({ db, admin }, known, { who }) {
    const input = { title: 'Call', assigneeId: pick(known.people, who) };
    return completeTask(db, admin, { id: await keep(known.tasks, createTask(db, admin, input)) });
  },
  reopenTask: ({ db, admin }, known, { what }) =>
    reopenTask(db, admin, { id: pick(known.tasks, what) }),
  createCustomer: ({ db, admin }, known, { who }) =>
    keep(
      known.customers,
      createCustomer(db, admin, { name: 'Customer', ownerId: pick(known.people, who) }),
    ),
  toggleCustomer: ({ db, admin }, known, { who, what }) => {
    const id = pick(known.customers, what);
    if (who % 2 > 0) return archiveCustomer(db, admin, { id, asMistake: true });
    return unarchiveCustomer(db, admin, { id });
  },
  correct: (company, known, { who, what, back }) =>
    correctScore(company.db, company.admin, {
      metricId: company.metrics[pick(METRICS, what)] ?? '',
      memberId: pick(known.people, who),
      amount: what % 2 > 0 ? '-1' : '2.5',
      reason: 'counted anew',
      countsAt: asDate(momentBack(company, back)) ?? null,
    }),
  moveMember: (company, known, { who, what, back }) =>
    moveMember(company.db, company.admin, {
      id: pick(known.people, who),
      teamId: pick([...known.teams, null], what),
      // Mostly now: what is dated back is mostly refused.
      effectiveAt: back % 4 === 3 ? (asDate(momentBack(company, back)) ?? null) : null,
    }),
  moveTeam: (company, known, { who, what }) =>
    moveTeam(company.db, company.admin, {
      id: pick(known.teams, who),
      parentId: pick([...known.teams, null], what),
    }),
  addMember: ({ db, admin }, known, { what }) => {
    const name = `P${known.people.length}.${what}`;
    const teamId = pick(known.teams, what);
    return keep(known.people, createMember(db, admin, { name, employeeNumber: name, teamId }));
  },
  addTeam: ({ db, admin }, known, { what }) =>
    keep(
      known.teams,
      createTeam(db, admin, { name: `T${known.teams.length}`, parentId: pick(known.teams, what) }),
    ),
  deactivate: ({ db, admin }, known, { who }) =>
    // Somebody must be left to act on.
    who % 3 > 0
      ? Promise.resolve()
      : deactivateMember(db, admin, { id: pick(known.people.slice(3), who) }),
  closePeriod: (company, _known, { back }) => {
    const day = dayStart(company, momentBack(company, back + 8) ?? 0);
    return closePeriod(company.db, company.admin, { through: dayText(company, day) });
  },
  reopenPeriod: (company, _known, { what, back }) => {
    const day = dayStart(company, momentBack(company, back + 8) ?? 0);
    const from = what % 3 === 0 ? null : dayText(company, day);
    return reopenPeriod(company.db, company.admin, { from });
  },
};

/** Tries one thing, whatever the others do at that time. Gives its name, or that of the refusal. */
export async function attempt(company: Company, known: Known, step: Step): Promise<string> {
  company.clock.now += step.after * HOUR;
  setClock(company.db, company.clock.now);
  try {
    await DOINGS[step.does](company, known, step);
    return 'done';
  } catch (error) {
    if (error instanceof NamedError) return error.name;
    throw error;
  }
}
