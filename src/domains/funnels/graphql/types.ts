import '../scope.ts';
import { builder } from '../../../api/builder.ts';
import { MAX_NAME, MAX_TEXT } from '../model.ts';
import { OpportunityField, StageKind } from './enums.ts';

const VERSION = 'Grows by one with every change; give it as `expectedVersion`.';
const EXTERNAL_ID = `Its key in the system that it came from, at most ${MAX_NAME} characters; or null.`;

export const Stage = builder.prismaNode('Stage', {
  select: { id: true },
  description: 'One step of a funnel.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  fields: (t) => ({
    name: t.exposeString('name', { description: `At most ${MAX_NAME} characters.` }),
    kind: t.expose('kind', {
      type: StageKind,
      description: 'What it means for an opportunity to be here; it never changes.',
    }),
    probability: t.expose('probability', {
      type: 'Decimal',
      description:
        'How likely an opportunity here is to be won, 0 to 1: the weight of its amount in forecasts.',
    }),
    limitDays: t.exposeInt('limitDays', {
      nullable: true,
      description: 'After how many days a stay here is too long; null: never.',
    }),
    requiredFields: t.field({
      type: [OpportunityField],
      description: 'What must be filled before this stage is entered.',
      select: { requiredFields: true },
      resolve: ({ requiredFields }) => requiredFields as (typeof OpportunityField.$inferType)[],
    }),
    steps: t.exposeString('steps', {
      nullable: true,
      description: `What is to be done here and by whom, at most ${MAX_TEXT} characters; or null.`,
    }),
    archived: t.boolean({
      description: 'Whether it is out of use: nothing enters it any more.',
      select: { archivedAt: true },
      resolve: ({ archivedAt }) => archivedAt !== null,
    }),
    funnel: t.relation('funnel', { description: 'The funnel that it is a step of.' }),
  }),
});

export const Funnel = builder.prismaNode('Funnel', {
  select: { id: true },
  description: 'A way of selling, step by step. Everybody in the organization sees every funnel.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  fields: (t) => ({
    version: t.exposeInt('version', { description: VERSION }),
    externalId: t.exposeString('externalId', { nullable: true, description: EXTERNAL_ID }),
    name: t.exposeString('name', {
      description: `At most ${MAX_NAME} characters; unique in the organization.`,
    }),
    archived: t.boolean({
      description: 'Whether it takes no new opportunities; those in it go on.',
      select: { archivedAt: true },
      resolve: ({ archivedAt }) => archivedAt !== null,
    }),
    stages: t.relation('stages', {
      description: 'Its stages, in order.',
      args: {
        includeArchived: t.arg.boolean({
          defaultValue: false,
          required: true,
          description: 'Also those that are out of use, where they were.',
        }),
      },
      query: ({ includeArchived }) => ({
        where: includeArchived ? {} : { archivedAt: null },
        orderBy: { ordinal: 'asc' as const },
      }),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
  }),
});
