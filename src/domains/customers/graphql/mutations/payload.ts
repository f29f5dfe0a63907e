import type { Types } from '../../../../api/builder.ts';

type PayloadBuilder<Outcome> = PothosSchemaTypes.ObjectFieldBuilder<Types, Outcome>;

/** The customer that a mutation was about, read again with present rights. */
export const customerPayload = (t: PayloadBuilder<{ id: string }>, description: string) =>
  t.prismaField({
    type: 'Customer',
    nullable: true,
    description,
    resolve: (query, { id }, _args, ctx) =>
      ctx.reader.customer.findUnique({ ...query, where: { id } }),
  });

/** The customer of a contact or an activity, read again with present rights. */
export const customerOfPayload = (t: PayloadBuilder<{ customerId: string }>) =>
  t.prismaField({
    type: 'Customer',
    nullable: true,
    description: 'The customer; null when it has left the caller’s view.',
    resolve: (query, { customerId }, _args, ctx) =>
      ctx.reader.customer.findUnique({ ...query, where: { id: customerId } }),
  });
