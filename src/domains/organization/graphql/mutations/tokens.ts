import type { FieldMap } from '@pothos/core';
import type { Types } from '../../../../api/builder.ts';
import { memberOf } from '../../../../api/context.ts';
import { mutationField } from '../../../../api/mutation.ts';
import {
  createApiToken,
  createDisplayToken,
  type IssuedToken,
  revokeToken,
  signOut,
} from '../../tokens.ts';
import { AccessToken, Grant } from '../types.ts';

type PayloadBuilder<Outcome> = PothosSchemaTypes.ObjectFieldBuilder<Types, Outcome>;

const issued = (t: PayloadBuilder<IssuedToken>): FieldMap => ({
  token: t.field({
    type: AccessToken,
    nullable: true,
    description: 'The token.',
    resolve: ({ id }, _args, ctx) => ctx.load('AccessToken', id),
  }),
  secret: t.exposeString('secret', {
    nullable: true,
    description:
      'What to send as "Authorization: Bearer ...". Shown this once: null when the idempotency key was used before.',
  }),
});

mutationField('signOut', {
  description: 'Ends the session or token that the request came with.',
  auth: 'signedIn',
  input: () => ({}),
  resolve: (input, ctx) => signOut(ctx.db, memberOf(ctx), input),
  payload: (t) => ({
    ended: t.boolean({ description: 'Always true.', resolve: () => true }),
  }),
});

mutationField('createApiToken', {
  description:
    'Makes a token for a program that acts as the caller. It needs a session, or a token with the grant ADMIN, and gives at most the grants of that. At most 200 valid ones a member.',
  input: (t) => ({
    name: t.string({ required: true, description: 'What it is for; at most 200 characters.' }),
    grants: t.field({ type: [Grant], required: true, description: 'What it may be used for.' }),
    origins: t.stringList({
      description:
        'Browser origins that may use it, such as https://wall.example.com; at most 20. Default: any, and programs.',
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'When it ends by itself, in the future. Default: when it is revoked.',
    }),
  }),
  resolve: (input, ctx) => createApiToken(ctx.db, memberOf(ctx), input),
  payload: issued,
});

mutationField('createDisplayToken', {
  description:
    'Makes a token for a screen on a wall: it watches the boards that it names and reads nothing else. At most 200 valid ones an organization.',
  auth: 'admin',
  input: (t) => ({
    name: t.string({
      required: true,
      description: 'Where the screen hangs; at most 200 characters.',
    }),
    leaderboards: t.recordIdList({
      for: 'Leaderboard',
      required: true,
      description: 'The boards that it shows, 1 to 20.',
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'When it ends by itself, in the future. Default: when it is revoked.',
    }),
  }),
  resolve: ({ leaderboards, ...input }, ctx) =>
    createDisplayToken(ctx.db, memberOf(ctx), { ...input, leaderboardIds: leaderboards }),
  payload: issued,
});

mutationField('revokeToken', {
  description:
    'Ends a session or token at once: one of the own, for administrators any. One that has ended stays so.',
  input: (t) => ({
    id: t.recordId({ for: 'AccessToken', required: true, description: 'The token.' }),
  }),
  resolve: (input, ctx) => revokeToken(ctx.db, memberOf(ctx), input),
  payload: (t) => ({
    token: t.field({
      type: AccessToken,
      nullable: true,
      description: 'The token as it now is.',
      resolve: ({ id }, _args, ctx) => ctx.load('AccessToken', id),
    }),
  }),
});
