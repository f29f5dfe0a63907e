import type { EventDraft, Json, Visibility } from '../../database/event-draft.ts';
import {
  type Activity,
  type Contact,
  CUSTOMER_SOURCES,
  type Customer,
  type CustomerFields,
} from './model.ts';
import type { Changed } from './rules.ts';

type Payload = EventDraft['payload'];

const owned = (customer: Customer): Visibility => ({ owners: [customer.ownerId] });

function draft(type: string, customer: Customer, payload: Payload, before = customer): EventDraft {
  return {
    type,
    version: 1,
    recordType: 'Customer',
    recordId: customer.id,
    recordVersion: customer.version,
    payload,
    visibility: { before: owned(before), after: owned(customer) },
  };
}

/** A source is free text; only the customary ones are told. */
export function sourceOf({ source }: Pick<Customer, 'source'>): string | null {
  if (source === null) return null;
  const known = CUSTOMER_SOURCES.find((name) => name.toLowerCase() === source.toLowerCase());
  return known ?? 'OTHER';
}

/** Scores: for the owner, at the time of the creation. `occurredAt`: of an import that tells the past. */
export function customerCreated(customer: Customer, occurredAt?: Date): EventDraft {
  const event = draft('customer.created', customer, {
    memberId: customer.ownerId,
    countsAt: customer.createdAt.toISOString(),
    kind: customer.kind,
    grade: customer.grade,
    lifecycle: customer.lifecycle,
    source: sourceOf(customer),
  });
  return {
    ...event,
    visibility: { before: null, after: owned(customer) },
    ...(occurredAt && { occurredAt }),
  };
}

/** What of the fields may stand in the log: not names, phones and other texts. */
const TOLD = ['kind', 'grade', 'lifecycle', 'parentId'] as const satisfies (keyof CustomerFields)[];

/** `changes`: names of fields. Those that are no texts also say `{ from, to }`. Not for a change of owner. */
export function customerUpdated({ before, after, changes }: Changed): EventDraft {
  const told = TOLD.filter((field) => changes.includes(field)).map((field): [string, Json] => [
    field,
    { from: before[field], to: after[field] },
  ]);
  const fields = changes.filter((field) => field !== 'ownerId');
  return draft('customer.updated', after, { changes: fields, ...Object.fromEntries(told) });
}

export const customerTransferred = (before: Customer, after: Customer): EventDraft =>
  draft('customer.transferred', after, { from: before.ownerId, to: after.ownerId }, before);

export const customerArchived = (customer: Customer): EventDraft =>
  draft(
    customer.archivedAsMistake ? 'customer.archived_as_mistake' : 'customer.archived',
    customer,
    {},
  );

/** `created`: the payload of the creation, which says anew what it is worth. */
export function customerUnarchived(customer: Customer, created: Payload): EventDraft {
  const { teamPath: _worked, ...payload } = created;
  return draft('customer.unarchived', customer, payload);
}

function contactDraft(type: string, customer: Customer, contact: Contact, payload: Payload) {
  return {
    ...draft(type, customer, { customerId: customer.id, ...payload }),
    recordType: 'Contact',
    recordId: contact.id,
    recordVersion: contact.version,
  };
}

export const contactAdded = (customer: Customer, contact: Contact): EventDraft =>
  contactDraft('contact.added', customer, contact, {});

/** `changes`: names of fields. */
export const contactUpdated = (
  customer: Customer,
  contact: Contact,
  changes: readonly string[],
): EventDraft => contactDraft('contact.updated', customer, contact, { changes: [...changes] });

function activityDraft(type: string, customer: Customer, activity: Activity, payload: Payload) {
  const owners = [...new Set([customer.ownerId, activity.authorId])];
  return {
    type,
    version: 1,
    recordType: 'Activity',
    recordId: activity.id,
    recordVersion: null,
    payload: { customerId: customer.id, ...payload },
    visibility: { before: { owners }, after: { owners } },
  } satisfies EventDraft;
}

/** Scores: for the author, at the time when it happened. */
export function activityLogged(customer: Customer, activity: Activity): EventDraft {
  const event = activityDraft('activity.logged', customer, activity, {
    memberId: activity.authorId,
    countsAt: activity.happenedAt.toISOString(),
    kind: activity.kind,
    contactId: activity.contactId,
    grade: customer.grade,
    lifecycle: customer.lifecycle,
    nextFollowUpAt: activity.nextFollowUpAt?.toISOString() ?? null,
  });
  return { ...event, visibility: { ...event.visibility, before: null } };
}

export const activityRetracted = (customer: Customer, activity: Activity): EventDraft =>
  activityDraft('activity.retracted', customer, activity, { memberId: activity.authorId });
