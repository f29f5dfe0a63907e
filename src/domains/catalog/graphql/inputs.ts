import type { Types } from '../../../api/builder.ts';

type InputBuilder = PothosSchemaTypes.InputFieldBuilder<Types, 'InputObject'>;

/** What both mutations take, beside the name. */
export const productFields = (t: InputBuilder) => ({
  series: t.string({
    description: 'The line of products that it belongs to; at most 200 characters.',
  }),
  listPrice: t.field({
    type: 'Decimal',
    description: "Price before any discount, in the organization's currency; 0 or more.",
  }),
  aliases: t.stringList({
    description:
      'Other names that it goes by; at most 100 of at most 200 characters, each free among all names and aliases.',
  }),
  active: t.boolean({
    description: 'Whether it is still offered. Default of a new product: true.',
  }),
  externalId: t.string({
    description: 'Its key in the system that it came from; unique, at most 200 characters.',
  }),
});
