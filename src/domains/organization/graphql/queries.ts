import { builder } from '../../../api/builder.ts';
import { keysetConnection } from '../../../api/connections.ts';
import { AccessToken, AccessTokenConnection, TokenKind } from './types.ts';

const AccessTokenFilter = builder.inputType('AccessTokenFilter', {
  description: 'Which tokens: those that meet everything given.',
  fields: (t) => ({
    kinds: t.field({ type: [TokenKind], description: 'Only of these kinds.' }),
    members: t.recordIdList({
      for: 'Member',
      description: 'Only those of these members; at most 100.',
    }),
    valid: t.boolean({
      description:
        'Those that can be used (true), or that are revoked or expired (false). Default: true.',
    }),
  }),
});

builder.queryField('accessTokens', (t) =>
  t.connection(
    {
      type: AccessToken,
      description:
        'The own sessions and tokens, for administrators those of everybody, newest first.',
      args: {
        filter: t.arg({
          type: AccessTokenFilter,
          description: 'Only these. Default: the valid ones.',
        }),
      },
      resolve: async (_root, args, ctx, info) => {
        const { kinds, members, valid } = args.filter ?? {};
        const now = await ctx.now();
        const isOver = { OR: [{ NOT: { revokedAt: null } }, { expiresAt: { lte: now } }] };
        const isValid = {
          AND: [{ revokedAt: null }, { OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] }],
        };
        return keysetConnection(ctx, info, {
          model: 'AccessToken',
          args,
          where: {
            AND: [
              valid === false ? isOver : isValid,
              ...(kinds ? [{ kind: { in: [...kinds] } }] : []),
              ...(members ? [{ memberId: { in: members } }] : []),
            ],
          },
          orderBy: [{ field: 'createdAt', direction: 'DESC' }],
        });
      },
    },
    AccessTokenConnection,
  ),
);
