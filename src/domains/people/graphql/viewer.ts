import { builder } from '../../../api/builder.ts';
import { viewerOf } from '../../../api/context.ts';
import { encodeGlobalId } from '../../../api/global-ids.ts';
import type { Viewer as ViewerShape } from '../../../database/viewer.ts';
import { AccessToken, Grant, Organization } from '../../organization/graphql/types.ts';
import { DataScope, Role } from './enums.ts';
import { Member } from './types.ts';

const ViewerKind = builder.enumType('ViewerKind', {
  description: 'What the token of the request stands for.',
  values: {
    MEMBER: { description: 'A member, by a session or an API token.' },
    DISPLAY: { description: 'A screen, which watches its boards.' },
  } as const,
});

/** Later rooms add to it what they show of the caller's own. */
export const Viewer = builder.objectRef<ViewerShape>('Viewer').implement({
  description: 'Who asks, with the rights of this moment.',
  fields: (t) => ({
    kind: t.field({
      type: ViewerKind,
      description: 'What the token stands for.',
      resolve: ({ kind }) => (kind === 'member' ? ('MEMBER' as const) : ('DISPLAY' as const)),
    }),
    organization: t.field({
      type: Organization,
      description: 'Where the caller belongs; a display sees its name only.',
      // Not by the reader: a display reads no rows.
      resolve: ({ organizationId }, _args, ctx) =>
        ctx.db.prisma.organization.findUniqueOrThrow({ where: { id: organizationId } }),
    }),
    member: t.field({
      type: Member,
      nullable: true,
      description: 'Who it is; null for a display.',
      resolve: (viewer, _args, ctx) =>
        viewer.kind === 'member' ? ctx.load('Member', viewer.memberId) : null,
    }),
    role: t.field({
      type: Role,
      nullable: true,
      description: 'What the member may do; null for a display.',
      resolve: (viewer) => (viewer.kind === 'member' ? viewer.role : null),
    }),
    dataScope: t.field({
      type: DataScope,
      nullable: true,
      description: 'Whose records the member sees; null for a display.',
      resolve: (viewer) => (viewer.kind === 'member' ? viewer.dataScope : null),
    }),
    grants: t.field({
      type: [Grant],
      description:
        'What the token may be used for; empty for a display, and until a password that was reset is changed.',
      resolve: (viewer) => (viewer.kind === 'member' ? [...viewer.grants] : []),
    }),
    mustChangePassword: t.boolean({
      description:
        'The password was reset: nothing but `changePassword` and `signOut` works in this session before it is changed.',
      resolve: async (viewer, _args, ctx) => {
        if (viewer.kind !== 'member') return false;
        const { memberId } = viewer;
        const credential = await ctx.reader.credential.findUnique({ where: { memberId } });
        return credential?.mustChange ?? false;
      },
    }),
    token: t.field({
      type: AccessToken,
      nullable: true,
      description: 'The token of this request; null for a display.',
      resolve: (viewer, _args, ctx) =>
        viewer.kind === 'member' ? ctx.load('AccessToken', viewer.tokenId) : null,
    }),
    leaderboardIds: t.field({
      type: ['ID'],
      description:
        'The boards that a display may watch; empty for a member, who sees boards by `leaderboards`.',
      resolve: (viewer) =>
        viewer.kind === 'display'
          ? [...viewer.leaderboardIds].map((id) => encodeGlobalId('Leaderboard', id))
          : [],
    }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: Viewer,
    description: 'Who asks. The one query that a token without grants and a display may make.',
    skipTypeScopes: true,
    authScopes: { viewer: true },
    resolve: (_root, _args, ctx) => viewerOf(ctx),
  }),
);

builder.prismaObjectFields('AccessToken', (t) => ({
  member: t.field({
    type: Member,
    nullable: true,
    description: 'Who it acts as; null for a display.',
    resolve: ({ memberId }, _args, ctx) => ctx.load('Member', memberId),
  }),
  createdBy: t.field({
    type: Member,
    nullable: true,
    description: 'Who made it; null when nobody did.',
    resolve: ({ createdById }, _args, ctx) => ctx.load('Member', createdById),
  }),
}));

builder.prismaObjectFields('WorkingDayException', (t) => ({
  setBy: t.field({
    type: Member,
    nullable: true,
    description: 'Who entered it; null when nobody is known.',
    resolve: ({ setById }, _args, ctx) => ctx.load('Member', setById),
  }),
}));

builder.prismaObjectFields('PeriodClosing', (t) => ({
  by: t.field({
    type: Member,
    nullable: true,
    description: 'Who did it; null when nobody is known.',
    resolve: ({ byId }, _args, ctx) => ctx.load('Member', byId),
  }),
}));
