import { builder } from '../../../api/builder.ts';
import { listBelow } from '../../../api/list-below.ts';
import type { PageArgs } from '../../../api/page.ts';
import type PrismaTypes from '../../../generated/pothos-prisma-types.ts';
import { commentsOf } from '../../comments/graphql/comments-of.ts';
import { Comment, CommentConnection } from '../../comments/graphql/types.ts';
import { newestOf } from '../../people/graphql/history-fields.ts';
import '../commentable.ts';
import { CustomerOwnership, LifecycleChange } from './histories.ts';
import {
  Activity,
  ActivityConnection,
  Contact,
  ContactConnection,
  Customer,
  CustomerConnection,
} from './types.ts';

type OwnershipRow = PrismaTypes['CustomerOwnership']['Shape'];
type LifecycleRow = PrismaTypes['LifecycleChange']['Shape'];

/** Most stays that a history shows: the latest. */
const STAYS = 100;

builder.prismaObjectFields(Customer, (t) => ({
  parent: t.relation('parent', {
    nullable: true,
    description: 'What it belongs to; null if nothing, or not yours to see.',
  }),
  subsidiaries: t.connection(
    {
      type: Customer,
      description: 'What belongs to it, by name; archived ones are left out.',
      ...listBelow<'Customer'>({
        ...{ model: 'Customer', of: 'Customer', relation: 'subsidiaries' },
        plain: () => ({ archivedAt: null }),
        orderBy: () => [{ field: 'name', direction: 'ASC' }],
      }),
    },
    CustomerConnection,
  ),
  contacts: t.connection(
    {
      type: Contact,
      description: 'The people there, by name.',
      args: {
        archived: t.arg.boolean({
          defaultValue: false,
          description: 'Those out of use in place of those in use. Default: false.',
        }),
      },
      ...listBelow<'Contact', PageArgs & { archived?: boolean | null | undefined }>({
        ...{ model: 'Contact', of: 'Customer', relation: 'contacts' },
        plain: ({ archived }) => ({ archivedAt: archived ? { not: null } : null }),
        orderBy: () => [{ field: 'name', direction: 'ASC' }],
      }),
    },
    ContactConnection,
  ),
  activities: t.connection(
    {
      type: Activity,
      description: 'What was done about it, the latest first; wrong entries are left out.',
      ...listBelow<'Activity'>({
        ...{ model: 'Activity', of: 'Customer', relation: 'activities' },
        plain: () => ({ retractedAt: null }),
        orderBy: () => [{ field: 'happenedAt', direction: 'DESC' }],
      }),
    },
    ActivityConnection,
  ),
  comments: t.connection(
    {
      type: Comment,
      description: 'What was written about it, the oldest first; `last` gives the latest.',
      resolve: ({ id }, args, ctx, info) => commentsOf(ctx, info, { type: 'Customer', id }, args),
    },
    CommentConnection,
  ),
  ownershipHistory: t.field({
    type: [CustomerOwnership],
    description: `Whose it was, newest first; the latest ${STAYS}.`,
    resolve: ({ id }, _args, ctx) =>
      newestOf<OwnershipRow>(ctx, { model: 'Customer', id, relation: 'ownerships' }, STAYS),
  }),
  lifecycleHistory: t.field({
    type: [LifecycleChange],
    description: `Where it stood, newest first; the latest ${STAYS}.`,
    resolve: ({ id }, _args, ctx) =>
      newestOf<LifecycleRow>(ctx, { model: 'Customer', id, relation: 'lifecycleChanges' }, STAYS),
  }),
}));
