import type { Dataset, KeyDefinition } from '../../aggregates/dataset.ts';

const SEEN = 'of customers that the caller may see';

/** What records of a customer can be grouped by; `path` leads to the customer: `customer`, `opportunity.customer`. */
export const customerKeys = (path: string): Record<string, KeyDefinition> => ({
  CUSTOMER: {
    kind: 'record',
    path: `${path}.id`,
    model: 'Customer',
    orderBy: 'name',
    description: `The customer; ${SEEN}.`,
  },
  ...ownKeys(`${path}.`, `; ${SEEN}`),
});

const ownKeys = (path: string, which: string): Record<string, KeyDefinition> => ({
  CUSTOMER_KIND: {
    kind: 'value',
    path: `${path}kind`,
    type: { enum: '"CustomerKind"' },
    description: `Company or person${which}.`,
  },
  INDUSTRY: {
    kind: 'value',
    path: `${path}industry`,
    type: 'text',
    description: `The industry${which}.`,
  },
  REGION: {
    kind: 'value',
    path: `${path}region`,
    type: 'text',
    description: `The region${which}.`,
  },
  SOURCE: {
    kind: 'value',
    path: `${path}source`,
    type: 'text',
    description: `Where they came from${which}.`,
  },
  GRADE: {
    kind: 'value',
    path: `${path}grade`,
    type: { enum: '"Grade"' },
    description: `How much they matter${which}.`,
  },
  LIFECYCLE: {
    kind: 'value',
    path: `${path}lifecycle`,
    type: { enum: '"LifecycleStage"' },
    description: `Where they stand in their life with us${which}.`,
  },
  TAG: {
    kind: 'list',
    path: `${path}tags`,
    description: `Each of the tags: one counts in all that it has, and once in totals${which}.`,
  },
});

export const customerDistinct = (path: string) => ({
  CUSTOMER: { path: `${path}.id`, description: `Customers; ${SEEN}.` },
});

/** Customers as aggregates see them. */
export const customerDataset: Dataset = {
  name: 'Customer',
  model: 'Customer',
  times: {
    CREATED_AT: { path: 'createdAt', description: 'When they were entered.' },
    LAST_ACTIVITY_AT: {
      path: 'lastActivityAt',
      description: 'When somebody last dealt with them.',
    },
  },
  keys: {
    ...ownKeys('', ''),
    OWNER: {
      kind: 'record',
      path: 'ownerId',
      model: 'Member',
      orderBy: 'name',
      gaps: 'MEMBERS',
      description: 'Whose they are.',
    },
    OWNER_TEAM: { kind: 'team', path: 'ownerId', description: 'The team of the owner.' },
    PARENT: {
      kind: 'record',
      path: 'parent.id',
      model: 'Customer',
      orderBy: 'name',
      description: `What they belong to; ${SEEN}.`,
    },
    EMPLOYEES: { kind: 'number', path: 'employees', description: 'How many work there, in bands.' },
    ANNUAL_REVENUE: {
      kind: 'number',
      path: 'annualRevenue',
      description: 'What they sell in a year, in bands.',
    },
  },
  decimals: {
    ANNUAL_REVENUE: {
      path: 'annualRevenue',
      field: 'annualRevenue',
      description: 'What they sell in a year, in the currency of the organization.',
    },
    EMPLOYEES: { path: 'employees', field: 'employees', description: 'How many work there.' },
  },
  distinct: {
    OWNER: { path: 'ownerId', description: 'Owners.' },
    INDUSTRY: { path: 'industry', description: 'Industries.' },
    REGION: { path: 'region', description: 'Regions.' },
  },
};

/** Activities as aggregates see them. */
export const activityDataset: Dataset = {
  name: 'Activity',
  model: 'Activity',
  times: {
    HAPPENED_AT: { path: 'happenedAt', description: 'When they happened.' },
    NEXT_FOLLOW_UP_AT: { path: 'nextFollowUpAt', description: 'When to follow up.' },
    CREATED_AT: { path: 'createdAt', description: 'When they were entered.' },
  },
  keys: {
    KIND: {
      kind: 'value',
      path: 'kind',
      type: { enum: '"ActivityKind"' },
      description: 'How.',
    },
    METHOD: { kind: 'value', path: 'method', type: 'text', description: 'More precisely how.' },
    RESULT: { kind: 'value', path: 'result', type: 'text', description: 'What came of it.' },
    AUTHOR: {
      kind: 'record',
      path: 'authorId',
      model: 'Member',
      orderBy: 'name',
      gaps: 'MEMBERS',
      description: 'Who did it.',
    },
    AUTHOR_TEAM: { kind: 'team', path: 'authorId', description: 'The team of whoever did it.' },
    ...customerKeys('customer'),
  },
  decimals: {},
  distinct: {
    ...customerDistinct('customer'),
    AUTHOR: { path: 'authorId', description: 'Who did it.' },
  },
};
