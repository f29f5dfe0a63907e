import { builder } from '../../../api/builder.ts';
import { type Stay, stay } from '../../people/graphql/history-fields.ts';
import { Member } from '../../people/graphql/types.ts';
import type { LifecycleStage as Stage } from '../model.ts';
import { LifecycleStage } from './enums.ts';

export const CustomerOwnership = builder
  .objectRef<Stay & { memberId: string }>('CustomerOwnership')
  .implement({
    description: 'A time with one owner.',
    interfaces: [stay],
    fields: (t) => ({
      owner: t.field({
        type: Member,
        nullable: true,
        description: 'Whose customer it was.',
        resolve: ({ memberId }, _args, ctx) => ctx.load('Member', memberId),
      }),
    }),
  });

export const LifecycleChange = builder
  .objectRef<Stay & { stage: Stage }>('LifecycleChange')
  .implement({
    description: 'A time in one stage of its life.',
    interfaces: [stay],
    fields: (t) => ({
      stage: t.expose('stage', { type: LifecycleStage, description: 'Which stage.' }),
    }),
  });
