import '../scope.ts';
import { builder } from '../../../api/builder.ts';
import { connectionObject } from '../../../api/connection-object.ts';
import { ActivityKind, CustomerKind, Grade, LifecycleStage } from './enums.ts';

const VERSION = 'Grows by one with every change; give it as `expectedVersion`.';
const EXTERNAL_ID = 'Its key in the system that it came from, at most 200 characters; or null.';
const PHONES = 'Phone numbers as they were entered, at most 20.';
const EMAILS = 'E-mail addresses, at most 20.';

export const Customer = builder.prismaNode('Customer', {
  select: { id: true },
  description:
    'A company or person that buys or might. Visible to those whose data scope covers its owner.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  fields: (t) => ({
    version: t.exposeInt('version', { description: VERSION }),
    externalId: t.exposeString('externalId', { nullable: true, description: EXTERNAL_ID }),
    kind: t.expose('kind', { type: CustomerKind, description: 'Company or person.' }),
    name: t.exposeString('name', { description: 'At most 200 characters; need not be unique.' }),
    industry: t.exposeString('industry', {
      nullable: true,
      description: 'At most 200 characters; null if unknown.',
    }),
    region: t.exposeString('region', {
      nullable: true,
      description: 'At most 200 characters; null if unknown.',
    }),
    source: t.exposeString('source', {
      nullable: true,
      description: 'Where it came from, at most 200 characters, one of `customerSources` or not.',
    }),
    grade: t.expose('grade', { type: Grade, nullable: true, description: 'How much it matters.' }),
    lifecycle: t.expose('lifecycle', {
      type: LifecycleStage,
      description: 'Where it stands now; `lifecycleHistory` says since when.',
    }),
    tags: t.exposeStringList('tags', { description: 'Sorted, in lower case; at most 50.' }),
    phones: t.exposeStringList('phones', { description: PHONES }),
    emails: t.exposeStringList('emails', { description: EMAILS }),
    address: t.exposeString('address', {
      nullable: true,
      description: 'At most 10,000 characters; null if unknown.',
    }),
    foundedYear: t.exposeInt('foundedYear', {
      nullable: true,
      description: 'The year of its founding; null if unknown.',
    }),
    employees: t.exposeInt('employees', {
      nullable: true,
      description: 'How many people work there; null if unknown.',
    }),
    annualRevenue: t.expose('annualRevenue', {
      type: 'Decimal',
      nullable: true,
      description: "What it sells in a year, in the organization's currency; null if unknown.",
    }),
    owner: t.relation('owner', { description: 'Who answers for it.' }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When it was entered; of an imported one, when its source says so.',
    }),
    lastActivityAt: t.expose('lastActivityAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When somebody last dealt with it; null if nobody has.',
    }),
    archivedAt: t.expose('archivedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when it is archived; null while it is live.',
    }),
    archivedAsMistake: t.exposeBoolean('archivedAsMistake', {
      description: 'Whether it should never have been entered, so that it scores for nobody.',
    }),
  }),
});

export const Contact = builder.prismaNode('Contact', {
  select: { id: true },
  description: 'Somebody at a customer. Visible where the customer is.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  fields: (t) => ({
    version: t.exposeInt('version', { description: VERSION }),
    externalId: t.exposeString('externalId', { nullable: true, description: EXTERNAL_ID }),
    name: t.exposeString('name', { description: 'At most 200 characters.' }),
    post: t.exposeString('post', {
      nullable: true,
      description: 'Where at the customer’s: head of purchasing. At most 200 characters.',
    }),
    role: t.exposeString('role', {
      nullable: true,
      description: 'What in the purchase: decides, recommends, uses. At most 200 characters.',
    }),
    phones: t.exposeStringList('phones', { description: PHONES }),
    emails: t.exposeStringList('emails', { description: EMAILS }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was entered.' }),
    archivedAt: t.expose('archivedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when it is out of use; null while it is in use.',
    }),
    customer: t.relation('customer', { nullable: true, description: 'Whose contact it is.' }),
  }),
});

export const Activity = builder.prismaNode('Activity', {
  select: { id: true },
  description:
    'Something that somebody did about a customer. Visible where the customer is, and to those whose data scope covers its author.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  fields: (t) => ({
    kind: t.expose('kind', { type: ActivityKind, description: 'How.' }),
    method: t.exposeString('method', {
      nullable: true,
      description: 'More precisely how, such as WeChat; at most 200 characters.',
    }),
    result: t.exposeString('result', {
      nullable: true,
      description: 'What came of it, in a word; at most 200 characters.',
    }),
    body: t.exposeString('body', {
      nullable: true,
      description: 'What was said; at most 10,000 characters.',
    }),
    author: t.relation('author', { description: 'Who did it.' }),
    happenedAt: t.expose('happenedAt', { type: 'DateTime', description: 'When it happened.' }),
    nextFollowUpAt: t.expose('nextFollowUpAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When to go on; null if nothing was agreed.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was entered.' }),
    retractedAt: t.expose('retractedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was taken back as a wrong entry; null while it counts.',
    }),
    customer: t.relation('customer', {
      nullable: true,
      description: 'With whom; null when the customer has passed on to somebody out of your view.',
    }),
    contact: t.relation('contact', {
      nullable: true,
      description: 'Who was spoken to; null if not said, or not yours to see.',
    }),
  }),
});

export const CustomerConnection = connectionObject(Customer, {
  name: 'CustomerConnection',
  description: 'A page of customers.',
});

export const ContactConnection = connectionObject(Contact, {
  name: 'ContactConnection',
  description: 'A page of contacts.',
});

export const ActivityConnection = connectionObject(Activity, {
  name: 'ActivityConnection',
  description: 'A page of activities.',
});
