import { builder } from '../../../api/builder.ts';
import { SortDirection } from '../../../api/sort-direction.ts';
import { LIMITS } from '../model.ts';
import { Attendance, MeetingStatus } from './types.ts';

export const AgendaItemInput = builder.inputType('AgendaItemInput', {
  description: 'One point of the agenda of a meeting.',
  fields: (t) => ({
    topic: t.string({
      required: true,
      description: `What it is about; 1 to ${LIMITS.topic} characters.`,
    }),
    minutes: t.int({
      description: `Planned length in minutes, 1 to ${LIMITS.minutes}; default: open.`,
    }),
    presenterId: t.recordId({
      for: 'Member',
      description: 'Who speaks on it: any active member; default: not said.',
    }),
  }),
});

export const AgendaTemplateItemInput = builder.inputType('AgendaTemplateItemInput', {
  description: 'One point of the agenda that meetings of a kind begin with.',
  fields: (t) => ({
    topic: t.string({
      required: true,
      description: `What it is about; 1 to ${LIMITS.topic} characters.`,
    }),
    minutes: t.int({
      description: `Planned length in minutes, 1 to ${LIMITS.minutes}; default: open.`,
    }),
  }),
});

export const AttendanceInput = builder.inputType('AttendanceInput', {
  description: 'Whether one member came.',
  fields: (t) => ({
    memberId: t.recordId({
      for: 'Member',
      required: true,
      description: 'Who: somebody invited, or any active member who came without being.',
    }),
    attendance: t.field({
      type: Attendance,
      description: 'null takes a recorded attendance back, with its score.',
    }),
  }),
});

const MeetingKindFilter = builder.inputType('MeetingKindFilter', {
  description: 'Which kinds.',
  fields: (t) => ({
    in: t.recordIdList({ for: 'MeetingKind', required: true, description: 'One of these.' }),
  }),
});

const MeetingStatusFilter = builder.inputType('MeetingStatusFilter', {
  description: 'Which statuses.',
  fields: (t) => ({
    in: t.field({ type: [MeetingStatus], required: true, description: 'One of these.' }),
  }),
});

const MeetingMemberFilter = builder.inputType('MeetingMemberFilter', {
  description: 'Which members.',
  fields: (t) => ({
    in: t.recordIdList({ for: 'Member', required: true, description: 'One of these.' }),
  }),
});

const MeetingTeamFilter = builder.inputType('MeetingTeamFilter', {
  description: 'Which teams.',
  fields: (t) => ({
    in: t.recordIdList({
      for: 'Team',
      required: true,
      description: 'One of these themselves, not the teams below them.',
    }),
  }),
});

const MeetingTimeFilter = builder.inputType('MeetingTimeFilter', {
  description: 'From one moment to another.',
  fields: (t) => ({
    from: t.field({ type: 'DateTime', description: 'Not earlier; default: no bound.' }),
    before: t.field({ type: 'DateTime', description: 'Earlier than this; default: no bound.' }),
  }),
});

export const MeetingFilter = builder.inputType('MeetingFilter', {
  description: 'Which meetings: all conditions that are given must hold.',
  fields: (t) => ({
    kind: t.field({ type: MeetingKindFilter, description: 'By kind.' }),
    status: t.field({ type: MeetingStatusFilter, description: 'By status.' }),
    host: t.field({ type: MeetingMemberFilter, description: 'By host.' }),
    participant: t.field({
      type: MeetingMemberFilter,
      description: 'By who is invited (the host is) or came.',
    }),
    team: t.field({ type: MeetingTeamFilter, description: 'By team.' }),
    startsAt: t.field({ type: MeetingTimeFilter, description: 'By when they begin.' }),
  }),
});

export const MeetingOrderField = builder.enumType('MeetingOrderField', {
  description: 'What meetings can be ordered by.',
  values: {
    STARTS_AT: { description: 'When they begin.' },
    CREATED_AT: { description: 'When they were scheduled.' },
    TITLE: { description: 'The title.' },
  } as const,
});

export const MeetingOrder = builder.inputType('MeetingOrder', {
  description: 'One step of an order of meetings.',
  fields: (t) => ({
    field: t.field({ type: MeetingOrderField, required: true, description: 'By what.' }),
    direction: t.field({ type: SortDirection, required: true, description: 'Which end first.' }),
  }),
});
