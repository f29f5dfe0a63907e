import type { FieldMap } from '@pothos/core';
import type { Types } from '../../../../api/builder.ts';
import { memberOf } from '../../../../api/context.ts';
import { mutationField } from '../../../../api/mutation.ts';
import { PeriodClosed } from '../../../organization/errors.ts';
import '../../../organization/graphql/errors.ts';
import { refuseNull } from '../../../organization/limits.ts';
import { BeforeLastChange, LastAdministrator, ScoredSince } from '../../errors.ts';
import * as members from '../../members.ts';
import { DataScope, Role } from '../enums.ts';
import '../errors.ts';
import { loadMember } from '../load.ts';
import { Member } from '../types.ts';

type PayloadBuilder<Outcome> = PothosSchemaTypes.ObjectFieldBuilder<Types, Outcome>;

const changed = (t: PayloadBuilder<{ id: string }>): FieldMap => ({
  member: t.field({
    type: Member,
    nullable: true,
    description: 'The member as it now is.',
    resolve: ({ id }, _args, ctx) => loadMember(ctx, id),
  }),
});

const NUMBER = 'What the member signs in with; unique, at most 64 characters.';
const NAME = 'At most 200 characters.';
const TITLE = 'The post; at most 200 characters.';
const EXTERNAL_ID =
  'The key in the system that the member came from; unique, at most 64 characters.';
const DATA_SCOPE =
  'Whose records the member sees. Default: ORGANIZATION for an ADMIN, who has no other, TEAM_TREE for a MANAGER, OWN for a MEMBER.';
const VERSION = 'Refuse with Conflict unless the member is at this version.';
const NOT_LATER = 'Not in the future nor in a closed period. Default: now.';

mutationField('createMember', {
  description: 'Adds a member.',
  auth: 'admin',
  errors: [PeriodClosed],
  input: (t) => ({
    employeeNumber: t.string({ required: true, description: NUMBER }),
    name: t.string({ required: true, description: NAME }),
    title: t.string({ description: TITLE }),
    hiredOn: t.field({ type: 'Date', description: 'The day of hiring.' }),
    role: t.field({ type: Role, description: 'Default: MEMBER.' }),
    dataScope: t.field({ type: DataScope, description: DATA_SCOPE }),
    team: t.recordId({ for: 'Team', description: 'Where the member belongs. Default: nowhere.' }),
    since: t.field({ type: 'DateTime', description: `Since when, with the team. ${NOT_LATER}` }),
    externalId: t.string({ description: EXTERNAL_ID }),
    withPassword: t.boolean({
      description:
        'Gives a random password, so that the member can sign in. Default: false; `resetPassword` gives one later.',
    }),
  }),
  resolve: ({ team, ...input }, ctx) =>
    members.createMember(ctx.db, memberOf(ctx), { ...input, teamId: team }),
  payload: (t) => ({
    ...changed(t as never),
    password: t.exposeString('password', {
      nullable: true,
      description:
        'To be changed after the first sign-in. Shown this once: null when none was asked for, or the idempotency key was used before.',
    }),
  }),
});

mutationField('updateMember', {
  description: "Changes a member's file; what is not given stays as it is, null clears.",
  auth: 'admin',
  input: (t) => ({
    id: t.recordId({ for: 'Member', required: true, description: 'The member.' }),
    expectedVersion: t.int({
      required: true,
      description: 'The version that the change was made from; another one is a Conflict.',
    }),
    employeeNumber: t.string({ description: NUMBER }),
    name: t.string({ description: NAME }),
    title: t.string({ description: `${TITLE} Null: none.` }),
    hiredOn: t.field({ type: 'Date', description: 'The day of hiring; null: unknown.' }),
    externalId: t.string({ description: `${EXTERNAL_ID} Null: none.` }),
  }),
  resolve: (input, ctx) =>
    members.updateMember(ctx.db, memberOf(ctx), refuseNull(input, 'employeeNumber', 'name')),
  payload: changed,
});

mutationField('moveMember', {
  description:
    'Puts a member into another team, or into none. Scores earned before stay with the team that they were earned in.',
  auth: 'admin',
  errors: [BeforeLastChange, ScoredSince, PeriodClosed],
  input: (t) => ({
    id: t.recordId({ for: 'Member', required: true, description: 'The member.' }),
    team: t.recordId({ for: 'Team', description: 'The new team; null or none: no team.' }),
    effectiveAt: t.field({
      type: 'DateTime',
      description: `When it takes effect; not before the last move. ${NOT_LATER}`,
    }),
    expectedVersion: t.int({ description: VERSION }),
  }),
  resolve: ({ team, ...input }, ctx) =>
    members.moveMember(ctx.db, memberOf(ctx), { ...input, teamId: team ?? null }),
  payload: changed,
});

mutationField('setRole', {
  description: 'Sets what a member may do and see; it holds at once, also for open sessions.',
  auth: 'admin',
  errors: [LastAdministrator],
  input: (t) => ({
    id: t.recordId({ for: 'Member', required: true, description: 'The member.' }),
    role: t.field({ type: Role, required: true, description: 'What the member may do.' }),
    dataScope: t.field({ type: DataScope, description: DATA_SCOPE }),
    expectedVersion: t.int({ description: VERSION }),
  }),
  resolve: (input, ctx) => members.setRole(ctx.db, memberOf(ctx), input),
  payload: changed,
});

mutationField('deactivateMember', {
  description:
    'For somebody who leaves: sessions, API tokens and leaderships end at once; records, team, history and scores stay.',
  auth: 'admin',
  errors: [LastAdministrator],
  input: (t) => ({
    id: t.recordId({ for: 'Member', required: true, description: 'The member.' }),
    expectedVersion: t.int({ description: VERSION }),
  }),
  resolve: (input, ctx) => members.deactivateMember(ctx.db, memberOf(ctx), input),
  payload: changed,
});

mutationField('reactivateMember', {
  description: 'For somebody who comes back: the member can sign in again, with the old password.',
  auth: 'admin',
  input: (t) => ({
    id: t.recordId({ for: 'Member', required: true, description: 'The member.' }),
    expectedVersion: t.int({ description: VERSION }),
  }),
  resolve: (input, ctx) => members.reactivateMember(ctx.db, memberOf(ctx), input),
  payload: changed,
});
