import type { InputFieldBuilder } from '@pothos/core';
import type { Types } from '../../../../api/builder.ts';
import { memberOf } from '../../../../api/context.ts';
import { mutationField } from '../../../../api/mutation.ts';
import { refuseNull } from '../../../organization/limits.ts';
import { createMeetingKind, updateMeetingKind } from '../../kinds.ts';
import { LIMITS } from '../../model.ts';
import { AgendaTemplateItemInput } from '../inputs.ts';
import { MeetingRhythm } from '../types.ts';

/** What both mutations take. */
const settings = (t: InputFieldBuilder<Types, 'InputObject'>) => ({
  description: t.string({
    description: `Who chairs it, who comes, what it is for; at most ${LIMITS.text} characters; null clears it.`,
  }),
  rhythm: t.field({
    type: MeetingRhythm,
    description: 'How often it is customarily held; null: not said.',
  }),
  usualTime: t.string({
    description:
      'When it usually begins, as "08:30" in the time zone of the organization; null: not said.',
  }),
  defaultMinutes: t.int({
    description: `Length of its meetings unless one says otherwise, in minutes, 1 to ${LIMITS.minutes}; a new kind has 60.`,
  }),
  agenda: t.field({
    type: [AgendaTemplateItemInput],
    description: `The agenda that its meetings begin with, in order; at most ${LIMITS.agenda} points; null clears it.`,
  }),
  ordinal: t.int({
    description:
      'Place in the list, 1 to 1,000; equal places are ordered by name. A new kind comes last.',
  }),
});

mutationField('createMeetingKind', {
  description: 'Adds a kind of meeting to the list of the organization.',
  auth: 'admin',
  input: (t) => ({
    name: t.string({ required: true, description: `1 to ${LIMITS.name} characters.` }),
    key: t.string({
      description:
        'Stable name for programs and metrics: a capital letter, then up to 49 capital letters, digits or underscores; unique; default: one is made.',
    }),
    ...settings(t),
  }),
  resolve: (input, ctx) => createMeetingKind(ctx.db, memberOf(ctx), input),
  payload: (t) => ({
    meetingKind: t.prismaField({
      type: 'MeetingKind',
      nullable: true,
      description: 'The kind as it now is.',
      resolve: (query, { id }, _args, ctx) =>
        ctx.reader.meetingKind.findUnique({ ...query, where: { id } }),
    }),
  }),
});

mutationField('updateMeetingKind', {
  description:
    'Changes a kind of meeting or takes it out of use. Meetings that are scheduled stay as they are. What is missing stays.',
  auth: 'admin',
  input: (t) => ({
    id: t.recordId({ for: 'MeetingKind', required: true, description: 'The kind.' }),
    expectedVersion: t.int({
      required: true,
      description: 'Refuse with Conflict unless the kind is at this version.',
    }),
    name: t.string({ description: `1 to ${LIMITS.name} characters.` }),
    active: t.boolean({ description: 'Whether meetings of this kind can be scheduled.' }),
    ...settings(t),
  }),
  resolve: (input, ctx) =>
    updateMeetingKind(
      ctx.db,
      memberOf(ctx),
      refuseNull(input, 'name', 'active', 'defaultMinutes', 'ordinal'),
    ),
  payload: (t) => ({
    meetingKind: t.prismaField({
      type: 'MeetingKind',
      nullable: true,
      description: 'The kind as it now is.',
      resolve: (query, { id }, _args, ctx) =>
        ctx.reader.meetingKind.findUnique({ ...query, where: { id } }),
    }),
  }),
});
