import { builder } from '../../../api/builder.ts';
import type PrismaTypes from '../../../generated/pothos-prisma-types.ts';
import { commentsOf } from '../../comments/graphql/comments-of.ts';
import { Comment, CommentConnection } from '../../comments/graphql/types.ts';
import { newestOf, type Stay, stay } from '../../people/graphql/history-fields.ts';
import { Member } from '../../people/graphql/types.ts';
import '../commentable.ts';
import { Opportunity } from './opportunity-type.ts';

type OwnershipRow = PrismaTypes['OpportunityOwnership']['Shape'];
type AmountRow = PrismaTypes['OpportunityAmount']['Shape'];

/** Most rows that a history shows: the latest. */
const ROWS = 100;

const OpportunityOwnership = builder
  .objectRef<Stay & { memberId: string }>('OpportunityOwnership')
  .implement({
    description: 'A time with one owner.',
    interfaces: [stay],
    fields: (t) => ({
      owner: t.field({
        type: Member,
        nullable: true,
        description: 'Whose opportunity it was.',
        resolve: ({ memberId }, _args, ctx) => ctx.load('Member', memberId),
      }),
    }),
  });

const OpportunityAmount = builder
  .objectRef<PrismaTypes['OpportunityAmount']['Shape']>('OpportunityAmount')
  .implement({
    description: 'A time with one expected amount.',
    interfaces: [stay],
    fields: (t) => ({
      amount: t.expose('amount', {
        type: 'Decimal',
        nullable: true,
        description: 'What was expected, in the currency of the organization; null: unknown.',
      }),
    }),
  });

builder.prismaObjectFields(Opportunity, (t) => ({
  comments: t.connection(
    {
      type: Comment,
      description: 'What was written about it, the oldest first; `last` gives the latest.',
      resolve: ({ id }, args, ctx, info) =>
        commentsOf(ctx, info, { type: 'Opportunity', id }, args),
    },
    CommentConnection,
  ),
  ownershipHistory: t.field({
    type: [OpportunityOwnership],
    description: `Whose it was, newest first; the latest ${ROWS}.`,
    complexity: { field: 1, multiplier: 5 },
    resolve: ({ id }, _args, ctx) =>
      newestOf<OwnershipRow>(ctx, { model: 'Opportunity', id, relation: 'ownerships' }, ROWS),
  }),
  amountHistory: t.field({
    type: [OpportunityAmount],
    description: `What was expected of it, newest first; the latest ${ROWS}. What it was won for stands in its events and scores.`,
    complexity: { field: 1, multiplier: 5 },
    resolve: ({ id }, _args, ctx) =>
      newestOf<AmountRow>(ctx, { model: 'Opportunity', id, relation: 'amounts' }, ROWS),
  }),
}));
