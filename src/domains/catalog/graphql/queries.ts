import { builder } from '../../../api/builder.ts';
import { keysetConnection } from '../../../api/connections.ts';
import { InvalidInput } from '../../../database/errors.ts';
import type { Prisma } from '../../../generated/prisma/client.ts';
import { escapeLike } from '../../customers/search-text.ts';
import { foldLabel } from '../rules.ts';
import { Product, ProductConnection } from './types.ts';

const SEARCH_LIMIT = 100;

const ProductFilter = builder.inputType('ProductFilter', {
  description: 'Which products: those that meet everything given.',
  fields: (t) => ({
    series: t.stringList({ description: 'Of one of these series; at most 100.' }),
    active: t.boolean({ description: 'Whether they are still offered. Default: both.' }),
  }),
});

interface Filter {
  series?: readonly string[] | null | undefined;
  active?: boolean | null | undefined;
}

function productWhere(
  filter: Filter | null | undefined,
  search: string | null | undefined,
): Prisma.ProductWhereInput {
  const { series, active } = filter ?? {};
  if (series && series.length > 100) {
    throw new InvalidInput('At most 100 series at a time.', { path: ['filter', 'series'] });
  }
  const words = foldLabel(search ?? '');
  if (words.length > SEARCH_LIMIT) {
    throw new InvalidInput(`A search has at most ${SEARCH_LIMIT} characters.`, {
      path: ['search'],
    });
  }
  return {
    ...(series && { series: { in: [...series] } }),
    ...(typeof active === 'boolean' && { active }),
    ...(words !== '' && { labels: { some: { label: { contains: escapeLike(words) } } } }),
  };
}

builder.queryField('products', (t) =>
  t.connection(
    {
      type: Product,
      description: 'The catalogue, by name.',
      args: {
        filter: t.arg({ type: ProductFilter, description: 'Only these. Default: all.' }),
        search: t.arg.string({
          description:
            'Only products with this in their name or an alias, whatever its case and width; at most 100 characters.',
        }),
      },
      resolve: (_root, args, ctx, info) =>
        keysetConnection(ctx, info, {
          model: 'Product',
          args,
          where: productWhere(args.filter, args.search),
          orderBy: [{ field: 'name', direction: 'ASC' }],
        }),
    },
    ProductConnection,
  ),
);
