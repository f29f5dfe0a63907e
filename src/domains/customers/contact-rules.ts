import { InvalidInput } from '../../database/errors.ts';
import { changedFields } from './fields.ts';
import { CONTACTS_LIMIT, type Contact, type ContactFields, type ContactPatch } from './model.ts';

/** Throws InvalidInput for a customer that has as many contacts as it may have. */
export function requireRoom(contacts: number): void {
  if (contacts >= CONTACTS_LIMIT) {
    throw new InvalidInput(`A customer has at most ${CONTACTS_LIMIT} contacts.`);
  }
}

/** A new contact of cleaned fields. */
export function newContact(
  id: string,
  customerId: string,
  fields: ContactPatch & { name: string },
): Contact {
  return {
    id,
    version: 1,
    customerId,
    name: fields.name,
    post: fields.post ?? null,
    role: fields.role ?? null,
    phones: fields.phones ?? [],
    emails: fields.emails ?? [],
    externalId: fields.externalId ?? null,
    archivedAt: null,
  };
}

export interface ChangedContact {
  after: Contact;
  changes: string[];
}

/** What cleaned fields make of a contact; null when nothing changes. `archived`: undefined leaves it. */
export function changeContact(
  contact: Contact,
  patch: ContactPatch,
  archived: boolean | undefined,
  at: Date,
): ChangedContact | null {
  const fields = changedFields<ContactFields>(contact, patch);
  const given = Object.fromEntries(fields.map((field) => [field, patch[field]]));
  const isArchived = contact.archivedAt !== null;
  const turns = archived !== undefined && archived !== isArchived;
  if (fields.length === 0 && !turns) return null;
  return {
    after: {
      ...contact,
      ...given,
      version: contact.version + 1,
      archivedAt: turns ? (archived ? at : null) : contact.archivedAt,
    },
    changes: turns ? [...fields, 'archivedAt'] : fields,
  };
}
