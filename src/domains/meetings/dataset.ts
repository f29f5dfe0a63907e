import type { Dataset } from '../../aggregates/dataset.ts';

/** Meetings as aggregates see them. */
export const meetingDataset: Dataset = {
  name: 'Meeting',
  model: 'Meeting',
  times: {
    STARTS_AT: { path: 'startsAt', description: 'When they begin.' },
    CREATED_AT: { path: 'createdAt', description: 'When they were scheduled.' },
  },
  keys: {
    KIND: {
      kind: 'record',
      path: 'kindId',
      model: 'MeetingKind',
      orderBy: 'ordinal',
      gaps: { active: true },
      description: 'The kind, in the order that the administrator gave them.',
    },
    STATUS: {
      kind: 'value',
      path: 'status',
      type: { enum: '"MeetingStatus"' },
      description: 'Whether they were held.',
    },
    HOST: {
      kind: 'record',
      path: 'hostId',
      model: 'Member',
      orderBy: 'name',
      gaps: 'MEMBERS',
      description: 'Who chairs them.',
    },
    HOST_TEAM: { kind: 'team', path: 'hostId', description: 'The team of the host.' },
    TEAM: {
      kind: 'record',
      path: 'teamId',
      model: 'Team',
      orderBy: 'name',
      gaps: { archivedAt: null },
      description: 'Whose meeting it is.',
    },
    PARTICIPANT: {
      kind: 'records',
      path: 'invitations',
      column: 'memberId',
      model: 'Member',
      orderBy: 'name',
      gaps: 'MEMBERS',
      description: 'Each who is invited: it counts for all of them, and once in totals.',
    },
  },
  decimals: {
    LENGTH: {
      path: 'startsAt',
      until: 'endsAt',
      field: 'lengthSeconds',
      description: 'How long they take by the calendar, in seconds.',
    },
  },
  distinct: {
    HOST: { path: 'hostId', description: 'Hosts.' },
    KIND: { path: 'kindId', description: 'Kinds.' },
    TEAM: { path: 'teamId', description: 'Teams.' },
  },
};
