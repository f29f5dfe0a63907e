import { builder, type Types } from '../../../api/builder.ts';
import { SortDirection } from '../../../api/sort-direction.ts';
import { CustomerKind, Grade, LifecycleStage } from './enums.ts';

type InputBuilder = PothosSchemaTypes.InputFieldBuilder<Types, 'InputObject'>;

const IN = 'One of these; at most 100.';
const NOT_IN = 'None of these; at most 100. What is unknown is none of them.';
const KNOWN = 'Whether it is known at all.';

/** A condition on a value that every customer has. */
const kinds = builder.inputType('CustomerKindCondition', {
  description: 'A condition on the kind of a customer.',
  fields: (t) => ({
    in: t.field({ type: [CustomerKind], description: IN }),
    notIn: t.field({ type: [CustomerKind], description: NOT_IN }),
  }),
});

const grades = builder.inputType('GradeCondition', {
  description: 'A condition on a grade.',
  fields: (t) => ({
    in: t.field({ type: [Grade], description: IN }),
    notIn: t.field({ type: [Grade], description: NOT_IN }),
    known: t.boolean({ description: KNOWN }),
  }),
});

const stages = builder.inputType('LifecycleCondition', {
  description: 'A condition on the stage of the life cycle.',
  fields: (t) => ({
    in: t.field({ type: [LifecycleStage], description: IN }),
    notIn: t.field({ type: [LifecycleStage], description: NOT_IN }),
  }),
});

const texts = builder.inputType('CustomerTextCondition', {
  description: 'A condition on a text, compared as it is.',
  fields: (t) => ({
    in: t.stringList({ description: IN }),
    notIn: t.stringList({ description: NOT_IN }),
    known: t.boolean({ description: KNOWN }),
  }),
});

const owners = builder.inputType('CustomerOwnerCondition', {
  description: 'A condition on the owner.',
  fields: (t) => ({
    in: t.recordIdList({ for: 'Member', description: IN }),
    notIn: t.recordIdList({ for: 'Member', description: NOT_IN }),
  }),
});

const ownerTeams = builder.inputType('CustomerOwnerTeamCondition', {
  description: 'A condition on the team that the owner is in now.',
  fields: (t) => ({
    in: t.recordIdList({ for: 'Team', required: true, description: IN }),
    withSubteams: t.boolean({ description: 'And the teams below them. Default: false.' }),
  }),
});

const parents = builder.inputType('CustomerParentCondition', {
  description: 'A condition on what the customer belongs to.',
  fields: (t) => ({
    in: t.recordIdList({ for: 'Customer', description: IN }),
    known: t.boolean({ description: 'Whether it belongs to another customer at all.' }),
  }),
});

const tags = builder.inputType('CustomerTagCondition', {
  description: 'A condition on tags, whatever their case and width.',
  fields: (t) => ({
    hasSome: t.stringList({ description: 'At least one of these; at most 100.' }),
    hasEvery: t.stringList({ description: 'All of these; at most 100.' }),
    hasNone: t.stringList({ description: 'None of these; at most 100.' }),
  }),
});

const moments = builder.inputType('CustomerMomentCondition', {
  description: 'A time between two moments.',
  fields: (t) => ({
    from: t.field({ type: 'DateTime', description: 'From this moment on.' }),
    until: t.field({ type: 'DateTime', description: 'Before this moment.' }),
  }),
});

export const CustomerFilter = builder.inputType('CustomerFilter', {
  description: 'Which customers: those that meet everything given.',
  fields: (t) => ({
    kind: t.field({ type: kinds, description: 'Company or person.' }),
    industry: t.field({ type: texts, description: 'The industry.' }),
    region: t.field({ type: texts, description: 'The region.' }),
    source: t.field({ type: texts, description: 'Where they came from.' }),
    grade: t.field({ type: grades, description: 'How much they matter.' }),
    lifecycle: t.field({ type: stages, description: 'Where they stand now.' }),
    owner: t.field({ type: owners, description: 'Whose they are now.' }),
    ownerTeam: t.field({ type: ownerTeams, description: 'The team of whoever owns them now.' }),
    parent: t.field({ type: parents, description: 'What they belong to.' }),
    externalId: t.field({ type: texts, description: 'Their key in another system.' }),
    tags: t.field({ type: tags, description: 'Their tags.' }),
    createdAt: t.field({ type: moments, description: 'When they were entered.' }),
    lastActivityAt: t.field({ type: moments, description: 'When somebody last dealt with them.' }),
    notContactedSince: t.field({
      type: 'DateTime',
      description: 'Nobody has dealt with them from this moment on, or ever.',
    }),
    archived: t.boolean({ description: 'Archived ones (true) or live ones. Default: false.' }),
  }),
});

const CustomerOrderField = builder.enumType('CustomerOrderField', {
  description: 'What customers can be ordered by.',
  values: {
    NAME: { value: 'name', description: 'The name, by code point.' },
    CREATED_AT: { value: 'createdAt', description: 'When they were entered.' },
    LAST_ACTIVITY_AT: {
      value: 'lastActivityAt',
      description: 'When somebody last dealt with them; those with whom nobody has come last.',
    },
    GRADE: { value: 'grade', description: 'A to D; those without come last.' },
  } as const,
});

export const CustomerOrder = builder.inputType('CustomerOrder', {
  description: 'One step of an order. Where all steps are equal, the order of making decides.',
  fields: (t) => ({
    field: t.field({ type: CustomerOrderField, required: true, description: 'By what.' }),
    direction: t.field({
      type: SortDirection,
      defaultValue: 'ASC',
      required: true,
      description: 'Which end first. Default: ASC.',
    }),
  }),
});

const PHONES =
  'Phone numbers, at most 20 of at most 40 characters: digits, + - ( ) . / and spaces.';
const EMAILS = 'E-mail addresses; at most 20.';

/** What a customer can be given at its creation and later. */
export const customerFields = (t: InputBuilder) => ({
  kind: t.field({ type: CustomerKind, description: 'Default of a new customer: COMPANY.' }),
  externalId: t.string({
    description: 'Its key in the system that it came from; unique, at most 200 characters.',
  }),
  industry: t.string({ description: 'At most 200 characters.' }),
  region: t.string({ description: 'At most 200 characters.' }),
  source: t.string({
    description:
      'Where it came from: one of `customerSources` or another text, at most 200 characters.',
  }),
  grade: t.field({ type: Grade, description: 'How much it matters.' }),
  lifecycle: t.field({
    type: LifecycleStage,
    description: 'Where it stands. Default of a new customer: POTENTIAL.',
  }),
  tags: t.stringList({
    description:
      'At most 50 of at most 50 characters; kept in lower case, each once. Replaces those before.',
  }),
  phones: t.stringList({ description: `${PHONES} Replaces those before.` }),
  emails: t.stringList({ description: `${EMAILS} Replaces those before.` }),
  address: t.string({ description: 'At most 10,000 characters.' }),
  foundedYear: t.int({ description: 'From 1000 to next year.' }),
  employees: t.int({ description: '0 to 100,000,000.' }),
  annualRevenue: t.field({
    type: 'Decimal',
    description: "In the organization's currency; 0 or more.",
  }),
  parentId: t.recordId({ for: 'Customer', description: 'The customer that it belongs to.' }),
});

/** What a contact can be given at its creation and later. */
export const contactFields = (t: InputBuilder) => ({
  post: t.string({ description: 'Where at the customer’s; at most 200 characters.' }),
  role: t.string({ description: 'What in the purchase; at most 200 characters.' }),
  phones: t.stringList({ description: `${PHONES} Replaces those before.` }),
  emails: t.stringList({ description: `${EMAILS} Replaces those before.` }),
  externalId: t.string({
    description: 'Its key in the system that it came from; unique, at most 200 characters.',
  }),
});
