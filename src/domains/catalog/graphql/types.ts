import '../scope.ts';
import { builder } from '../../../api/builder.ts';
import { connectionObject } from '../../../api/connection-object.ts';

export const Product = builder.prismaNode('Product', {
  select: { id: true },
  description:
    'Something that is sold. The catalogue is the same for everybody in the organization.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  fields: (t) => ({
    version: t.exposeInt('version', {
      description: 'Grows by one with every change; give it as `expectedVersion`.',
    }),
    externalId: t.exposeString('externalId', {
      nullable: true,
      description: 'Its key in the system that it came from, at most 200 characters; or null.',
    }),
    name: t.exposeString('name', {
      description:
        'At most 200 characters; unique among all names and aliases, whatever their case, width and spaces.',
    }),
    series: t.exposeString('series', {
      nullable: true,
      description: 'The line of products that it belongs to, at most 200 characters; or null.',
    }),
    listPrice: t.expose('listPrice', {
      type: 'Decimal',
      nullable: true,
      description: "Price before any discount, in the organization's currency; null if unknown.",
    }),
    aliases: t.exposeStringList('aliases', {
      description: 'Other names that it is found and imported by; at most 100.',
    }),
    active: t.exposeBoolean('active', { description: 'Whether it is still offered.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was entered.' }),
  }),
});

export const ProductConnection = connectionObject(Product, {
  name: 'ProductConnection',
  description: 'A page of products.',
});
