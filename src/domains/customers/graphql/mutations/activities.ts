import { memberOf } from '../../../../api/context.ts';
import { mutationField } from '../../../../api/mutation.ts';
import { logActivity, retractActivity } from '../../activities.ts';
import { ActivityKind } from '../enums.ts';
import { customerOfPayload } from './payload.ts';

mutationField('logActivity', {
  description: 'Records what the caller did about a customer; it scores for the caller.',
  input: (t) => ({
    customerId: t.recordId({ for: 'Customer', required: true, description: 'The customer.' }),
    kind: t.field({ type: ActivityKind, required: true, description: 'How.' }),
    contactId: t.recordId({
      for: 'Contact',
      description: 'Who was spoken to: a contact of this customer.',
    }),
    method: t.string({ description: 'More precisely how; at most 200 characters.' }),
    result: t.string({ description: 'What came of it, in a word; at most 200 characters.' }),
    body: t.string({ description: 'What was said; at most 10,000 characters.' }),
    happenedAt: t.field({
      type: 'DateTime',
      description: 'When it happened, at most 5 minutes ahead. Default: now.',
    }),
    nextFollowUpAt: t.field({
      type: 'DateTime',
      description: 'When to go on; later than it happened.',
    }),
  }),
  resolve: (input, ctx) => logActivity(ctx.db, memberOf(ctx), input),
  payload: (t) => ({
    activity: t.prismaField({
      type: 'Activity',
      nullable: true,
      description: 'The new activity.',
      resolve: (query, { id }, _args, ctx) =>
        ctx.reader.activity.findUnique({ ...query, where: { id } }),
    }),
    customer: customerOfPayload(t),
  }),
});

mutationField('retractActivity', {
  description:
    'Takes an activity back that was entered wrongly, and its score with it: by its author or a manager.',
  input: (t) => ({
    id: t.recordId({ for: 'Activity', required: true, description: 'The activity.' }),
  }),
  resolve: (input, ctx) => retractActivity(ctx.db, memberOf(ctx), input),
  payload: (t) => ({
    activity: t.prismaField({
      type: 'Activity',
      nullable: true,
      description: 'The activity, which counts no more.',
      resolve: (query, { id }, _args, ctx) =>
        ctx.reader.activity.findUnique({ ...query, where: { id } }),
    }),
    customer: customerOfPayload(t),
  }),
});
