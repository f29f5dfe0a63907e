import '../scope.ts';
import { builder } from '../../../api/builder.ts';
import { connectionObject } from '../../../api/connection-object.ts';
import { listBelow } from '../../../api/list-below.ts';
import { Member } from '../../people/graphql/types.ts';
import { MAX_NAME, MAX_REASON } from '../model.ts';
import { isOverLimit } from '../rules.ts';
import { OpportunityStatus } from './enums.ts';

const MONEY = 'in the currency of the organization';

export const StageChange = builder.prismaObject('StageChange', {
  select: { id: true },
  description: 'A stay of an opportunity in a stage.',
  fields: (t) => ({
    stage: t.relation('stage', { description: 'Where it stayed.' }),
    status: t.expose('status', {
      type: OpportunityStatus,
      description: 'What it was during the stay.',
    }),
    enteredAt: t.expose('from', { type: 'DateTime', description: 'When the stay began.' }),
    leftAt: t.expose('until', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ended; null while it lasts.',
    }),
    seconds: t.float({
      description: 'How long it lasted, or has lasted so far, in seconds.',
      select: { from: true, until: true },
      resolve: async ({ from, until }, _args, ctx) =>
        Math.max(0, (until ?? (await ctx.now())).getTime() - from.getTime()) / 1_000,
    }),
    by: t.field({
      type: Member,
      nullable: true,
      description: 'Who moved it here.',
      select: { byId: true },
      resolve: ({ byId }, _args, ctx) => ctx.load('Member', byId),
    }),
    recordedAt: t.expose('recordedAt', {
      type: 'DateTime',
      description: 'When this became known here: with an import long after it happened.',
    }),
  }),
});

export const StageChangeConnection = connectionObject(StageChange, {
  name: 'StageChangeConnection',
  description: 'A page of the stays of an opportunity.',
});

export const Opportunity = builder.prismaNode('Opportunity', {
  select: { id: true },
  description:
    'A possible sale on its way through a funnel. Seen by those whose data scope covers its owner.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  fields: (t) => ({
    version: t.exposeInt('version', {
      description: 'Grows by one with every change; give it as `expectedVersion`.',
    }),
    externalId: t.exposeString('externalId', {
      nullable: true,
      description: `Its key in the system that it came from, at most ${MAX_NAME} characters; or null.`,
    }),
    name: t.exposeString('name', { description: `At most ${MAX_NAME} characters.` }),
    product: t.relation('product', {
      nullable: true,
      description: 'What may be bought; null while unknown.',
    }),
    owner: t.relation('owner', { description: 'Whose it is now.' }),
    funnel: t.relation('funnel', { description: 'Which way it goes; this never changes.' }),
    stage: t.relation('stage', { description: 'Where on that way it is.' }),
    status: t.expose('status', { type: OpportunityStatus, description: 'How it stands.' }),
    amount: t.expose('amount', {
      type: 'Decimal',
      nullable: true,
      description: `What is, or was, expected, ${MONEY}; null while unknown.`,
    }),
    wonAmount: t.expose('wonAmount', {
      type: 'Decimal',
      nullable: true,
      description: `What it was won for, ${MONEY}: what scores count; null unless won.`,
    }),
    expectedCloseOn: t.expose('expectedCloseOn', {
      type: 'Date',
      nullable: true,
      description: 'The day on which a decision is, or was, expected; null while unknown.',
    }),
    openedAt: t.expose('openedAt', {
      type: 'DateTime',
      description: 'When it entered the funnel.',
    }),
    stageEnteredAt: t.expose('stageEnteredAt', {
      type: 'DateTime',
      description: 'Since when it is in its stage.',
    }),
    overLimit: t.boolean({
      description: 'Whether it is open and in its stage for longer than the limit of the stage.',
      select: { status: true, stageEnteredAt: true, stage: { select: { limitDays: true } } },
      resolve: async (deal, _args, ctx) => isOverLimit(deal, deal.stage.limitDays, await ctx.now()),
    }),
    closedAt: t.expose('closedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was won or lost; null while open.',
    }),
    lossReason: t.exposeString('lossReason', {
      nullable: true,
      description: `Why it was lost, at most ${MAX_REASON} characters; null unless lost, or when an import did not know.`,
    }),
    creditedTo: t.field({
      type: Member,
      nullable: true,
      description:
        'Who has the score: the owner at the winning, whoever owns it now; null unless won.',
      select: { creditedToId: true },
      resolve: ({ creditedToId }, _args, ctx) => ctx.load('Member', creditedToId),
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When it was entered here.',
    }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'Of its last change.' }),
    archivedAt: t.expose('archivedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was put to rest; null while it is not.',
    }),
    archivedAsMistake: t.exposeBoolean('archivedAsMistake', {
      description: 'Whether it should never have been there: then it scores and counts nowhere.',
    }),
    history: t.connection(
      {
        type: StageChange,
        description: 'Its stays in stages, the first one first.',
        ...listBelow<'StageChange'>({
          ...{ model: 'StageChange', of: 'Opportunity', relation: 'changes' },
          orderBy: () => [{ field: 'from', direction: 'ASC' }],
        }),
      },
      StageChangeConnection,
    ),
  }),
});

export const OpportunityConnection = connectionObject(Opportunity, {
  name: 'OpportunityConnection',
  description: 'A page of opportunities.',
});
