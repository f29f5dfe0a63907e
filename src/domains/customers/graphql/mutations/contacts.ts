import { memberOf } from '../../../../api/context.ts';
import { mutationField } from '../../../../api/mutation.ts';
import { addContact, updateContact } from '../../contacts.ts';
import { notCleared } from '../../fields.ts';
import { contactFields } from '../inputs.ts';
import { customerOfPayload } from './payload.ts';

mutationField('addContact', {
  description: 'Adds somebody at a customer; a customer has at most 200 contacts in use.',
  input: (t) => ({
    customerId: t.recordId({ for: 'Customer', required: true, description: 'The customer.' }),
    name: t.string({ required: true, description: 'At most 200 characters.' }),
    ...contactFields(t),
  }),
  resolve: (input, ctx) =>
    addContact(ctx.db, memberOf(ctx), {
      ...input,
      phones: input.phones ?? undefined,
      emails: input.emails ?? undefined,
    }),
  payload: (t) => ({
    contact: t.prismaField({
      type: 'Contact',
      nullable: true,
      description: 'The new contact.',
      resolve: (query, { id }, _args, ctx) =>
        ctx.reader.contact.findUnique({ ...query, where: { id } }),
    }),
    customer: customerOfPayload(t),
  }),
});

mutationField('updateContact', {
  description:
    'Changes a contact of a customer that the caller may see; what is not given stays as it is, null clears.',
  input: (t) => ({
    id: t.recordId({ for: 'Contact', required: true, description: 'The contact.' }),
    expectedVersion: t.int({
      required: true,
      description: 'The version that the change was made from; another one is a Conflict.',
    }),
    name: t.string({ description: 'At most 200 characters.' }),
    archived: t.boolean({
      description: 'True takes it out of lists and the search, false brings it back.',
    }),
    ...contactFields(t),
  }),
  resolve: (input, ctx) =>
    updateContact(ctx.db, memberOf(ctx), {
      ...input,
      name: notCleared(input.name, 'name'),
      archived: notCleared(input.archived, 'archived'),
      phones: input.phones === null ? [] : input.phones,
      emails: input.emails === null ? [] : input.emails,
    }),
  payload: (t) => ({
    contact: t.prismaField({
      type: 'Contact',
      nullable: true,
      description: 'The contact as it now is.',
      resolve: (query, { id }, _args, ctx) =>
        ctx.reader.contact.findUnique({ ...query, where: { id } }),
    }),
    customer: customerOfPayload(t),
  }),
});
