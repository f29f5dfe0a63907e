import { NotAllowed, NotFound, WrongState } from '../../database/errors.ts';
import { covers, type MemberViewer } from '../../database/viewer.ts';
import { changedFields } from './fields.ts';
import type { Customer, CustomerFields, CustomerPatch } from './model.ts';

// Every function takes a customer that is locked and gives what it becomes, or throws. `at` is the moment of the
// change.

/** Changes of one customer are dated in their order, also where a transaction that began earlier comes later. */
export const changeMoment = (customer: Customer, now: Date): Date =>
  now < customer.updatedAt ? customer.updatedAt : now;

/** Throws NotFound for a customer that is not there or outside the data scope: which of them is not told. */
export function requireVisible(
  viewer: MemberViewer,
  customer: Customer | undefined,
  field = 'id',
): Customer {
  if (!customer || !covers(viewer, customer.ownerId)) {
    throw new NotFound('There is no such customer.', { path: ['input', field] });
  }
  return customer;
}

/** Throws WrongState for an archived one, which is at rest. */
export function requireLive(customer: Customer): void {
  if (customer.archivedAt) {
    throw new WrongState('This customer is archived: unarchive it first.', {
      data: { state: 'ARCHIVED' },
    });
  }
}

/** Whom a new customer may be given to: by managers anybody in their scope, by others themselves. Throws NotAllowed. */
export function requireMayAssign(viewer: MemberViewer, ownerId: string): void {
  if (ownerId === viewer.memberId) return;
  if (viewer.role === 'MEMBER' || !covers(viewer, ownerId)) {
    throw new NotAllowed(
      'You may give customers to members of your data scope as a manager only.',
      {
        path: ['input', 'ownerId'],
      },
    );
  }
}

/** Managers hand over what their scope covers; others what is theirs. Both to members of their scope. */
export function requireMayTransfer(viewer: MemberViewer, customer: Customer, to: string): void {
  const isTheirs = viewer.role !== 'MEMBER' || customer.ownerId === viewer.memberId;
  if (!isTheirs || !covers(viewer, to)) {
    throw new NotAllowed(
      isTheirs
        ? 'The new owner is outside of your data scope.'
        : 'Only its owner or a manager hands a customer over.',
      { path: ['input', isTheirs ? 'ownerId' : 'id'] },
    );
  }
}

/** A new customer of cleaned fields. */
export function newCustomer(
  id: string,
  ownerId: string,
  fields: CustomerPatch & { name: string },
  createdAt: Date,
): Customer {
  return {
    id,
    version: 1,
    kind: fields.kind ?? 'COMPANY',
    name: fields.name,
    externalId: fields.externalId ?? null,
    industry: fields.industry ?? null,
    region: fields.region ?? null,
    source: fields.source ?? null,
    grade: fields.grade ?? null,
    lifecycle: fields.lifecycle ?? 'POTENTIAL',
    tags: fields.tags ?? [],
    phones: fields.phones ?? [],
    emails: fields.emails ?? [],
    address: fields.address ?? null,
    foundedYear: fields.foundedYear ?? null,
    employees: fields.employees ?? null,
    annualRevenue: fields.annualRevenue ?? null,
    parentId: fields.parentId ?? null,
    ownerId,
    createdAt,
    updatedAt: createdAt,
    lastActivityAt: null,
    archivedAt: null,
    archivedAsMistake: false,
    searchText: '',
  };
}

export interface Changed {
  before: Customer;
  after: Customer;
  changes: (keyof CustomerFields | 'ownerId')[];
}

/** What cleaned fields, and perhaps a new owner, make of a customer; null when nothing changes. */
export function changeCustomer(
  customer: Customer,
  patch: CustomerPatch & { ownerId?: string | undefined },
  at: Date,
): Changed | null {
  const changes = changedFields<CustomerFields & { ownerId: string }>(customer, patch);
  if (changes.length === 0) return null;
  const given = Object.fromEntries(changes.map((field) => [field, patch[field]]));
  const after = { ...customer, ...given, version: customer.version + 1, updatedAt: at };
  return { before: customer, after, changes };
}

/** Null when it is so already. */
export function archive(customer: Customer, asMistake: boolean, at: Date): Customer | null {
  if (customer.archivedAt && (customer.archivedAsMistake || !asMistake)) return null;
  return {
    ...customer,
    version: customer.version + 1,
    updatedAt: at,
    archivedAt: customer.archivedAt ?? at,
    archivedAsMistake: asMistake,
  };
}

/** Throws WrongState for one that is not archived. */
export function unarchive(customer: Customer, at: Date): Customer {
  if (!customer.archivedAt) {
    throw new WrongState('This customer is not archived.', { data: { state: 'LIVE' } });
  }
  return {
    ...customer,
    version: customer.version + 1,
    updatedAt: at,
    archivedAt: null,
    archivedAsMistake: false,
  };
}
