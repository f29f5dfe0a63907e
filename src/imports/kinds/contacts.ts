import { type ContactRow, importContacts } from '../../domains/customers/import-contacts.ts';
import { MAX_NAME } from '../line-reader.ts';
import type { ContactSource } from '../model.ts';
import type { Importer } from '../pipeline.ts';

export const contacts: Importer<ContactSource, ContactRow> = {
  kind: 'contacts',
  values: (source) => [
    source.externalId,
    source.customer,
    source.name,
    source.post,
    source.role,
    source.phones,
    source.emails,
  ],
  externalId: (source) => source.externalId,
  read(line, source) {
    const row = {
      externalId: line.required(source.externalId, MAX_NAME),
      name: line.required(source.name, MAX_NAME),
      post: line.text(source.post, MAX_NAME),
      role: line.text(source.role, MAX_NAME),
      phones: line.list(source.phones),
      emails: line.list(source.emails),
    };
    const customer = line.requiredReference('customer', source.customer);
    return {
      externalId: row.externalId,
      references: [customer],
      says: [row, customer?.text],
      complete: ({ idOf }) => ({ ...row, customerId: idOf(customer) ?? '' }),
    };
  },
  write: { batch: importContacts },
};
