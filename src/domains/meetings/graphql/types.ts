import { builder } from '../../../api/builder.ts';
import { connectionObject } from '../../../api/connection-object.ts';
import { described } from '../../../api/described.ts';
import { listBelow } from '../../../api/list-below.ts';
import { Member } from '../../people/graphql/types.ts';
import type { AgendaPoint } from '../model.ts';
import { LIMITS, RHYTHMS } from '../model.ts';
import '../scope.ts';

export const MeetingStatus = builder.enumType('MeetingStatus', {
  description: 'Where a meeting stands.',
  values: {
    SCHEDULED: { description: 'Yet to be held: neither attendance nor minutes are recorded.' },
    HELD: { description: 'Attendance or minutes are recorded.' },
    CANCELLED: { description: 'Called off, for good. Nobody has a score for attending it.' },
  } as const,
});

export const Attendance = builder.enumType('Attendance', {
  description: 'Whether somebody came to a meeting.',
  values: {
    PRESENT: { description: 'Came in time.' },
    LATE: { description: 'Came, but late.' },
    ABSENT: { description: 'Did not come.' },
    EXCUSED: { description: 'Did not come, with leave.' },
  } as const,
});

export const MeetingRhythm = builder.enumType('MeetingRhythm', {
  description: 'How often a kind of meeting is customarily held. It makes no meetings by itself.',
  values: described(RHYTHMS),
});

const AgendaTemplateItem = builder.objectRef<AgendaPoint>('AgendaTemplateItem').implement({
  description: 'One point of the agenda that meetings of a kind begin with.',
  fields: (t) => ({
    topic: t.exposeString('topic', {
      description: `What it is about; at most ${LIMITS.topic} characters.`,
    }),
    minutes: t.exposeInt('minutes', {
      nullable: true,
      description: 'Planned length in minutes; null: open.',
    }),
  }),
});

export const MeetingKind = builder.prismaNode('MeetingKind', {
  description: 'A kind of meeting, as the administrator keeps the list of them.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  fields: (t) => ({
    version: t.exposeInt('version', {
      description: 'Grows by one with every change; give it as expectedVersion.',
    }),
    key: t.exposeString('key', {
      description:
        'Stable name for programs and metrics, such as MORNING; unique in the organization.',
    }),
    name: t.exposeString('name', { description: `At most ${LIMITS.name} characters.` }),
    description: t.exposeString('description', {
      nullable: true,
      description: 'Who chairs it, who comes, what it is for.',
    }),
    rhythm: t.field({
      type: MeetingRhythm,
      nullable: true,
      description: 'How often it is customarily held; null: not said.',
      resolve: ({ rhythm }) => rhythm as keyof typeof RHYTHMS | null,
    }),
    usualTime: t.exposeString('usualTime', {
      nullable: true,
      description:
        'When it usually begins, as "08:30" in the time zone of the organization; null: not said.',
    }),
    defaultMinutes: t.exposeInt('defaultMinutes', {
      description: 'Length of its meetings unless one says otherwise, in minutes.',
    }),
    agenda: t.field({
      type: [AgendaTemplateItem],
      description: `The agenda that its meetings begin with, in order; at most ${LIMITS.agenda} points.`,
      complexity: { field: 1, multiplier: LIMITS.agenda },
      resolve: ({ agenda }) => agenda as unknown as AgendaPoint[],
    }),
    ordinal: t.exposeInt('ordinal', {
      description: 'Place in the list, from 1; equal places are ordered by name.',
    }),
    active: t.exposeBoolean('active', {
      description: 'Whether meetings of this kind can be scheduled.',
    }),
  }),
});

builder.prismaObject('AgendaItem', {
  select: { id: true },
  description: 'One point of the agenda of a meeting.',
  fields: (t) => ({
    topic: t.exposeString('topic', {
      description: `What it is about; at most ${LIMITS.topic} characters.`,
    }),
    minutes: t.exposeInt('minutes', {
      nullable: true,
      description: 'Planned length in minutes; null: open.',
    }),
    presenter: t.relation('presenter', {
      nullable: true,
      description: 'Who speaks on it; null: not said.',
    }),
  }),
});

const MeetingParticipant = builder.prismaObject('Invitation', {
  select: { id: true },
  name: 'MeetingParticipant',
  description: 'Somebody who is invited to a meeting, or came without being.',
  fields: (t) => ({
    member: t.relation('member', { description: 'Who.' }),
    invited: t.exposeBoolean('invited', {
      description: 'False for those who came without an invitation. The host is always invited.',
    }),
    attendance: t.expose('attendance', {
      type: Attendance,
      nullable: true,
      description: 'Whether he came; null while it is not recorded.',
    }),
    recordedAt: t.expose('recordedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the attendance was last recorded; null while it never was.',
    }),
    recordedBy: t.field({
      type: Member,
      nullable: true,
      description: 'Who recorded it last; null while it never was.',
      select: { recordedById: true },
      resolve: ({ recordedById }, _args, ctx) => ctx.load('Member', recordedById),
    }),
  }),
});

const MeetingParticipantConnection = connectionObject(MeetingParticipant, {
  name: 'MeetingParticipantConnection',
  description: 'A page of the people of a meeting.',
});

export const Meeting = builder.prismaNode('Meeting', {
  select: { id: true },
  description:
    'A meeting: planned, held, with who came and what was said. Seen by those whose data scope covers somebody who takes part in it, themselves included.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  fields: (t) => ({
    version: t.exposeInt('version', {
      description: 'Grows by one with every change; give it as expectedVersion.',
    }),
    kind: t.relation('kind', { description: 'What kind of meeting it is; it never changes.' }),
    title: t.exposeString('title', { description: `At most ${LIMITS.name} characters.` }),
    status: t.expose('status', { type: MeetingStatus, description: 'Where it stands.' }),
    host: t.relation('host', { description: 'Who chairs it.' }),
    team: t.relation('team', {
      nullable: true,
      description: 'Whose meeting it is; null: no team.',
    }),
    startsAt: t.expose('startsAt', { type: 'DateTime', description: 'When it begins.' }),
    endsAt: t.expose('endsAt', {
      type: 'DateTime',
      description: `When it ends: 1 minute to ${LIMITS.minutes / 60} hours later.`,
    }),
    place: t.exposeString('place', {
      nullable: true,
      description: `A room, an address, a link; at most ${LIMITS.place} characters; null: not said.`,
    }),
    agenda: t.relation('agendaItems', {
      description: `What is to be talked about, in order; at most ${LIMITS.agenda} points.`,
      complexity: { field: 1, multiplier: LIMITS.agenda },
      query: { orderBy: { ordinal: 'asc' } },
    }),
    participants: t.connection(
      {
        type: MeetingParticipant,
        description: `Who is invited, the host among them, and who came without being: at most ${LIMITS.participants}, in the order of their ids.`,
        ...listBelow<'Invitation'>({
          ...{ model: 'Invitation', of: 'Meeting', relation: 'invitations' },
          type: 'MeetingParticipant',
          orderBy: () => [{ field: 'memberId', direction: 'ASC' }],
        }),
      },
      MeetingParticipantConnection,
    ),
    minutes: t.exposeString('minutes', {
      nullable: true,
      description: `What was said and decided, at most ${LIMITS.text} characters; null: none recorded.`,
    }),
    minutesAt: t.expose('minutesAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the minutes were last recorded; null while they never were.',
    }),
    minutesBy: t.field({
      type: Member,
      nullable: true,
      description: 'Who recorded the minutes last; null while nobody has.',
      select: { minutesById: true },
      resolve: ({ minutesById }, _args, ctx) => ctx.load('Member', minutesById),
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When it was scheduled.',
    }),
    createdBy: t.field({
      type: Member,
      nullable: true,
      description: 'Who scheduled it; null for what came with an import.',
      select: { createdById: true },
      resolve: ({ createdById }, _args, ctx) => ctx.load('Member', createdById),
    }),
  }),
});

export const MeetingConnection = connectionObject(Meeting, {
  name: 'MeetingConnection',
  description: 'A page of meetings.',
});
