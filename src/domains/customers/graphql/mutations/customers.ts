import { memberOf } from '../../../../api/context.ts';
import { mutationField } from '../../../../api/mutation.ts';
import { notCleared } from '../../fields.ts';
import {
  archiveCustomer,
  createCustomer,
  transferCustomer,
  unarchiveCustomer,
  updateCustomer,
} from '../../service.ts';
import { customerFields } from '../inputs.ts';
import { customerPayload } from './payload.ts';

const EXPECTED = 'Refuse with Conflict unless the customer is at this version.';

mutationField('createCustomer', {
  description: 'Enters a customer, which scores for its owner.',
  input: (t) => ({
    name: t.string({ required: true, description: 'At most 200 characters.' }),
    ownerId: t.recordId({
      for: 'Member',
      description:
        'Who answers for it. Default: the caller; managers may name anybody in their data scope.',
    }),
    ...customerFields(t),
  }),
  resolve: (input, ctx) =>
    createCustomer(ctx.db, memberOf(ctx), {
      ...input,
      kind: input.kind ?? undefined,
      lifecycle: input.lifecycle ?? undefined,
      tags: input.tags ?? undefined,
      phones: input.phones ?? undefined,
      emails: input.emails ?? undefined,
    }),
  payload: (t) => ({ customer: customerPayload(t, 'The new customer.') }),
});

mutationField('updateCustomer', {
  description:
    'Changes a customer that the caller may see; what is not given stays as it is, null clears. The owner is changed by `transferCustomer`.',
  input: (t) => ({
    id: t.recordId({ for: 'Customer', required: true, description: 'The customer.' }),
    expectedVersion: t.int({
      required: true,
      description: 'The version that the change was made from; another one is a Conflict.',
    }),
    name: t.string({ description: 'At most 200 characters.' }),
    ...customerFields(t),
  }),
  resolve: (input, ctx) =>
    updateCustomer(ctx.db, memberOf(ctx), {
      ...input,
      name: notCleared(input.name, 'name'),
      kind: notCleared(input.kind, 'kind'),
      lifecycle: notCleared(input.lifecycle, 'lifecycle'),
      tags: input.tags === null ? [] : input.tags,
      phones: input.phones === null ? [] : input.phones,
      emails: input.emails === null ? [] : input.emails,
    }),
  payload: (t) => ({ customer: customerPayload(t, 'The customer as it now is.') }),
});

mutationField('transferCustomer', {
  description:
    'Gives a customer to another owner in the caller’s data scope: by a manager, or by the owner. What it has scored stays where it is.',
  input: (t) => ({
    id: t.recordId({ for: 'Customer', required: true, description: 'The customer.' }),
    ownerId: t.recordId({ for: 'Member', required: true, description: 'The new owner.' }),
    expectedVersion: t.int({ description: EXPECTED }),
  }),
  resolve: (input, ctx) => transferCustomer(ctx.db, memberOf(ctx), input),
  payload: (t) => ({
    customer: customerPayload(t, 'The customer; null when it has left the caller’s view.'),
  }),
});

mutationField('archiveCustomer', {
  description:
    'Puts a customer out of lists and to rest; nothing is deleted and scores stay, unless it was a mistake.',
  input: (t) => ({
    id: t.recordId({ for: 'Customer', required: true, description: 'The customer.' }),
    asMistake: t.boolean({
      description: 'It should never have been entered: its score is taken back. Default: false.',
    }),
    expectedVersion: t.int({ description: EXPECTED }),
  }),
  resolve: (input, ctx) => archiveCustomer(ctx.db, memberOf(ctx), input),
  payload: (t) => ({ customer: customerPayload(t, 'The archived customer.') }),
});

mutationField('unarchiveCustomer', {
  description:
    'Brings an archived customer back; a score that was taken back as a mistake counts again.',
  input: (t) => ({
    id: t.recordId({ for: 'Customer', required: true, description: 'The customer.' }),
    expectedVersion: t.int({ description: EXPECTED }),
  }),
  resolve: (input, ctx) => unarchiveCustomer(ctx.db, memberOf(ctx), input),
  payload: (t) => ({ customer: customerPayload(t, 'The customer, live again.') }),
});
