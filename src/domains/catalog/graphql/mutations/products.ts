import { memberOf } from '../../../../api/context.ts';
import { mutationField } from '../../../../api/mutation.ts';
import { notCleared } from '../../../customers/fields.ts';
import { createProduct, updateProduct } from '../../service.ts';
import { productFields } from '../inputs.ts';

const NAME =
  'At most 200 characters; unique among all names and aliases, whatever their case, width and spaces.';

mutationField('createProduct', {
  description:
    'Adds a product to the catalogue. For administrators, and managers whose data scope is ORGANIZATION.',
  input: (t) => ({ name: t.string({ required: true, description: NAME }), ...productFields(t) }),
  resolve: (input, ctx) =>
    createProduct(ctx.db, memberOf(ctx), {
      ...input,
      aliases: input.aliases ?? undefined,
      active: notCleared(input.active, 'active'),
    }),
  payload: (t) => ({
    product: t.prismaField({
      type: 'Product',
      description: 'The new product.',
      resolve: (query, { id }, _args, ctx) =>
        ctx.reader.product.findUniqueOrThrow({ ...query, where: { id } }),
    }),
  }),
});

mutationField('updateProduct', {
  description:
    'Changes a product; what is not given stays as it is. For administrators, and managers whose data scope is ORGANIZATION.',
  input: (t) => ({
    id: t.recordId({ for: 'Product', required: true, description: 'The product.' }),
    expectedVersion: t.int({
      required: true,
      description: 'The version that the change was made from; another one is a Conflict.',
    }),
    name: t.string({ description: NAME }),
    ...productFields(t),
  }),
  resolve: (input, ctx) =>
    updateProduct(ctx.db, memberOf(ctx), {
      ...input,
      name: notCleared(input.name, 'name'),
      aliases: input.aliases === null ? [] : input.aliases,
      active: notCleared(input.active, 'active'),
    }),
  payload: (t) => ({
    product: t.prismaField({
      type: 'Product',
      description: 'The product as it now is.',
      resolve: (query, { id }, _args, ctx) =>
        ctx.reader.product.findUniqueOrThrow({ ...query, where: { id } }),
    }),
  }),
});
