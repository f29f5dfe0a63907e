import { builder } from '../../../api/builder.ts';
import { CUSTOMER_SOURCES } from '../model.ts';
import { CustomerFilter, CustomerOrder } from './inputs.ts';
import { customerConnection } from './list.ts';
import { Customer, CustomerConnection } from './types.ts';

builder.queryField('customers', (t) =>
  t.connection(
    {
      type: Customer,
      description:
        'The customers that the caller may see, the newest first unless ordered otherwise; archived ones only when asked for.',
      args: {
        filter: t.arg({ type: CustomerFilter, description: 'Only these. Default: all live ones.' }),
        search: t.arg.string({
          description:
            'Words and numbers, all of which must be found: characters anywhere in the name of the customer or of a contact, or three and more digits anywhere in a phone number. Case and width do not matter. At most 100 characters and 8 words.',
        }),
        orderBy: t.arg({
          type: [CustomerOrder],
          description: 'The order; at most 4 steps. Default: the newest first.',
        }),
      },
      resolve: (_root, args, ctx, info) => customerConnection(ctx, info, args),
    },
    CustomerConnection,
  ),
);

builder.queryField('customerSources', (t) =>
  t.stringList({
    description:
      'Where customers customarily come from: what to offer for `source`. Any other text will do too.',
    resolve: () => [...CUSTOMER_SOURCES],
  }),
);
