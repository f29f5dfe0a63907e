import '../scope.ts';
import { builder } from '../../../api/builder.ts';
import { connectionObject } from '../../../api/connection-object.ts';
import { type Context, viewerOf } from '../../../api/context.ts';
import { covers } from '../../../database/viewer.ts';
import { isAdmin } from '../../organization/rules.ts';
import { DataScope, Role } from './enums.ts';

const VERSION = 'Grows by one with every change; give it as `expectedVersion`.';
const EXTERNAL_ID = 'Its key in the system that it came from, at most 64 characters; or null.';

export const Team = builder.prismaNode('Team', {
  select: { id: true },
  description:
    'A department, branch or group. Everybody in the organization sees every team. Read as of a past day, everything below it is of that day too.',
  fieldsDependOn: {
    organization: ['id', 'version', 'name', 'externalId', 'createdAt', 'archivedAt'],
  },
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  fields: (t) => ({
    version: t.exposeInt('version', { description: VERSION }),
    name: t.exposeString('name', { description: 'At most 200 characters.' }),
    externalId: t.exposeString('externalId', { nullable: true, description: EXTERNAL_ID }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'Since when the team exists.',
    }),
    archivedAt: t.expose('archivedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was given up; null while it exists.',
    }),
  }),
});

export const Member = builder.prismaNode('Member', {
  select: { id: true },
  description:
    'Somebody who works in the organization. Everybody sees who there is; what stands in the file only the member, those whose data scope covers the member, and administrators.',
  fieldsDependOn: {
    organization: [
      ...['id', 'version', 'employeeNumber', 'name', 'title', 'role', 'active', 'createdAt'],
    ],
  },
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  fields: (t) => ({
    version: t.exposeInt('version', { description: VERSION }),
    employeeNumber: t.exposeString('employeeNumber', {
      description: 'Unique in the organization, at most 64 characters; what people sign in with.',
    }),
    name: t.exposeString('name', { description: 'At most 200 characters.' }),
    title: t.exposeString('title', {
      nullable: true,
      description: 'The post, at most 200 characters; or null.',
    }),
    role: t.expose('role', { type: Role, description: 'What the member may do.' }),
    active: t.exposeBoolean('active', {
      description: 'False for those who have left: they cannot sign in, their records stay.',
    }),
    hiredOn: t.field({
      type: 'Date',
      nullable: true,
      description: 'The day of hiring; null when it is unknown or not yours to see.',
      select: { hiredOn: true },
      resolve: (member, _args, ctx) => (seesFile(ctx, member.id) ? member.hiredOn : null),
    }),
    dataScope: t.field({
      type: DataScope,
      nullable: true,
      description: 'Whose records the member sees; null when it is not yours to know.',
      select: { dataScope: true },
      resolve: (member, _args, ctx) => (seesFile(ctx, member.id) ? member.dataScope : null),
    }),
    deactivatedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the member left; null for the active, and when it is not yours to see.',
      select: { deactivatedAt: true },
      resolve: (member, _args, ctx) => (seesFile(ctx, member.id) ? member.deactivatedAt : null),
    }),
    externalId: t.field({
      type: 'String',
      nullable: true,
      description: `${EXTERNAL_ID} Null also when it is not yours to see.`,
      select: { externalId: true },
      resolve: (member, _args, ctx) => (seesFile(ctx, member.id) ? member.externalId : null),
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'Since when the member is known here.',
    }),
  }),
});

function seesFile(ctx: Context, memberId: string): boolean {
  const viewer = viewerOf(ctx);
  return viewer.kind === 'member' && (covers(viewer, memberId) || isAdmin(viewer));
}

export const TeamConnection = connectionObject(Team, {
  name: 'TeamConnection',
  description: 'A page of teams.',
});

export const MemberConnection = connectionObject(Member, {
  name: 'MemberConnection',
  description: 'A page of members.',
});
