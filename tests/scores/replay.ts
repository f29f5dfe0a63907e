import { runText } from '../../src/database/statements.ts';
import type { Company } from './company.ts';
import { Model, NEVER } from './model.ts';
import { amountOf, isThere, ONE } from './records.ts';

interface Logged {
  type: string;
  record: string;
  at: Date;
  payload: { [key: string]: string | null };
}

type Telling = (model: Model, event: Logged, company: Company) => void;

const moment = (text: string | null | undefined): number =>
  text ? Date.parse(text) : Number.NEGATIVE_INFINITY;

/** It is worth what the event says, to whom and when it says. */
const worth =
  (metric: string, amount: (payload: Logged['payload']) => number = () => ONE): Telling =>
  (model, { record, payload }) => {
    const { memberId, countsAt } = payload;
    const said = { member: memberId ?? '', at: moment(countsAt), amount: amount(payload) };
    model.worth(metric, record, said);
  };

const nothing =
  (...metrics: string[]): Telling =>
  (model, { record }) => {
    for (const metric of metrics) model.worth(metric, record, null);
  };

const won: Telling = (model, event, company) => {
  worth('won-amount', ({ amount }) => amountOf(amount ?? null))(model, event, company);
  worth('won-count')(model, event, company);
};

const attended: Telling = (model, { payload }) => {
  const { memberId, countsAt, attendance, subject } = payload;
  const worth = { member: memberId ?? '', at: moment(countsAt), amount: ONE };
  model.worth('meetings-attended', subject ?? '', isThere(attendance) ? worth : null);
};

const closing: Telling = (model, { payload }) => {
  model.closedBefore = moment(payload.closedBefore);
};

const TELLINGS: Record<string, Telling> = {
  'team.created': (model, { record, payload }) => {
    model.teams.push({ id: record, since: moment(payload.from) });
    model.move(model.parents, record, payload.parentId ?? null, moment(payload.from));
  },
  'team.moved': (model, { record, payload }) =>
    model.move(model.parents, record, payload.parentAfter ?? null, moment(payload.from)),
  'member.created': (model, { record, payload }) => {
    const since = moment(payload.from);
    model.people.push({ id: record, since, until: NEVER, competes: payload.role === 'MEMBER' });
    model.move(model.memberships, record, payload.teamId ?? null, since);
  },
  'member.moved': (model, { record, payload }) =>
    model.move(model.memberships, record, payload.teamAfter ?? null, moment(payload.from)),
  'member.deactivated': (model, { record, at }) => {
    const person = model.people.find(({ id }) => id === record);
    if (person) person.until = at.getTime();
  },
  'opportunity.won': won,
  'opportunity.won_restated': won,
  'opportunity.reopened': nothing('won-amount', 'won-count'),
  'opportunity.archived_as_mistake': nothing('won-amount', 'won-count'),
  'activity.logged': worth('calls'),
  'activity.retracted': nothing('calls'),
  'task.completed': worth('tasks-completed'),
  'task.reopened': nothing('tasks-completed'),
  'meeting.attendance_recorded': attended,
  'meeting.attendance_restated': attended,
  'meeting.attendance_withdrawn': (model, { payload }) =>
    model.worth('meetings-attended', payload.subject ?? '', null),
  'customer.created': worth('new-customers'),
  'customer.unarchived': worth('new-customers'),
  'customer.archived_as_mistake': nothing('new-customers'),
  'score.corrected': (model, event, company) => {
    const metric = Object.entries(company.metrics).find(([, id]) => id === event.payload.metricId);
    const amount = amountOf(event.payload.amount ?? null);
    worth(metric?.[0] ?? '', () => amount)(model, event, company);
  },
  'period.closed': closing,
  'period.reopened': closing,
};

/** The model that the log tells, event by event in its order. */
export async function replayed(company: Company): Promise<Model> {
  const events = await runText<Logged>(
    company.db.pool,
    `SELECT type, record_id AS record, occurred_at AS at, payload FROM event
     WHERE organization_id = $1 ORDER BY position`,
    [company.organizationId],
  );
  const model = new Model();
  for (const event of events) TELLINGS[event.type]?.(model, event, company);
  return model;
}
