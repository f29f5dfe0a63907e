import { memberOf } from '../../../../api/context.ts';
import { mutationField } from '../../../../api/mutation.ts';
import { PeriodClosed } from '../../../organization/errors.ts';
import '../../../organization/graphql/errors.ts';
import { refuseNull } from '../../../organization/limits.ts';
import { BeforeLastChange, ScoredSince, TeamCycle, TeamTreeTooDeep } from '../../errors.ts';
import { createTeam, moveTeam, updateTeam } from '../../teams.ts';
import '../errors.ts';
import { loadTeam } from '../load.ts';
import { Team } from '../types.ts';

const NAME = 'At most 200 characters.';
const EXTERNAL_ID = 'Its key in the system that it came from; unique, at most 64 characters.';
const NOT_LATER = 'Not in the future nor in a closed period. Default: now.';

mutationField('createTeam', {
  description: 'Adds a team. At most 30 stand below each other.',
  auth: 'admin',
  errors: [TeamTreeTooDeep, PeriodClosed],
  input: (t) => ({
    name: t.string({ required: true, description: NAME }),
    parent: t.recordId({ for: 'Team', description: 'The team above it. Default: none, a root.' }),
    leader: t.recordId({ for: 'Member', description: 'An active member. Default: nobody.' }),
    externalId: t.string({ description: EXTERNAL_ID }),
    since: t.field({
      type: 'DateTime',
      description: `Since when it exists, with this parent and leader. ${NOT_LATER}`,
    }),
  }),
  resolve: ({ parent, leader, ...input }, ctx) =>
    createTeam(ctx.db, memberOf(ctx), { ...input, parentId: parent, leaderId: leader }),
  payload: (t) => ({
    team: t.field({
      type: Team,
      nullable: true,
      description: 'The new team.',
      resolve: ({ id }, _args, ctx) => loadTeam(ctx, id),
    }),
  }),
});

mutationField('updateTeam', {
  description: 'Changes a team; what is not given stays as it is.',
  auth: 'admin',
  errors: [BeforeLastChange, PeriodClosed],
  input: (t) => ({
    id: t.recordId({ for: 'Team', required: true, description: 'The team.' }),
    expectedVersion: t.int({
      required: true,
      description: 'The version that the change was made from; another one is a Conflict.',
    }),
    name: t.string({ description: NAME }),
    leader: t.recordId({ for: 'Member', description: 'An active member; null: nobody.' }),
    leaderSince: t.field({
      type: 'DateTime',
      description: `When the new leader took over; not before the last change. ${NOT_LATER}`,
    }),
    externalId: t.string({ description: `${EXTERNAL_ID} Null: none.` }),
    archived: t.boolean({
      description:
        'Gives it up (true) or takes it back. Only a team without members and teams below.',
    }),
  }),
  resolve: ({ leader, ...input }, ctx) =>
    updateTeam(ctx.db, memberOf(ctx), {
      ...refuseNull(input, 'name', 'archived'),
      leaderId: leader,
    }),
  payload: (t) => ({
    team: t.field({
      type: Team,
      nullable: true,
      description: 'The team as it now is.',
      resolve: ({ id }, _args, ctx) => loadTeam(ctx, id),
    }),
  }),
});

mutationField('moveTeam', {
  description:
    'Puts a team, with all below it, under another one or makes it a root. Scores stay where they were earned.',
  auth: 'admin',
  errors: [TeamCycle, TeamTreeTooDeep, BeforeLastChange, ScoredSince, PeriodClosed],
  input: (t) => ({
    id: t.recordId({ for: 'Team', required: true, description: 'The team.' }),
    parent: t.recordId({ for: 'Team', description: 'The team above it; null or none: a root.' }),
    effectiveAt: t.field({
      type: 'DateTime',
      description: `When it takes effect; not before the last move. ${NOT_LATER}`,
    }),
    expectedVersion: t.int({
      description: 'Refuse with Conflict unless the team is at this version.',
    }),
  }),
  resolve: ({ parent, ...input }, ctx) =>
    moveTeam(ctx.db, memberOf(ctx), { ...input, parentId: parent ?? null }),
  payload: (t) => ({
    team: t.field({
      type: Team,
      nullable: true,
      description: 'The team as it now is.',
      resolve: ({ id }, _args, ctx) => loadTeam(ctx, id),
    }),
  }),
});
