import { aggregateField } from '../../../api/aggregates/field.ts';
import { Member, Team } from '../../people/graphql/types.ts';
import { meetingDataset } from '../dataset.ts';
import { MeetingFilter } from './inputs.ts';
import { whereOf } from './queries.ts';
import { Meeting, MeetingConnection, MeetingKind, MeetingStatus } from './types.ts';

aggregateField({
  dataset: meetingDataset,
  field: 'meetingAggregate',
  plural: 'meetings',
  description:
    'Any question about the meetings that the caller may see: grouped, in runs of time, compared, ranked, with a filter for each figure.',
  periodOf: 'STARTS_AT',
  whereText: 'all of them.',
  filter: MeetingFilter as never,
  shows: {
    KIND: MeetingKind,
    STATUS: MeetingStatus,
    HOST: Member,
    TEAM: Team,
    PARTICIPANT: Member,
  } as never,
  team: Team as never,
  node: Meeting as never,
  connection: MeetingConnection,
  resolveFilter: async (_ctx, filter) => ({ where: whereOf(filter as never) }),
});
