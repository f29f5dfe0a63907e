// What the tests of customers ask again and again, through the front door.
import { encodeGlobalId } from '../../../src/api/global-ids.ts';
import type { TestApp } from '../../support/app.ts';
import type { Actor } from '../../support/seed.ts';

export interface Outcome {
  __typename: string;
  code?: string;
  message?: string;
  path?: string[] | null;
  [field: string]: unknown;
}

export const idOf = (actor: Actor) => encodeGlobalId('Member', actor.memberId);

const FIELDS: Record<string, string> = {
  customer: `customer { id version name kind grade lifecycle tags phones emails source archivedAt archivedAsMistake
    lastActivityAt annualRevenue owner { id name } parent { id }
    ownershipHistory { from until owner { id } by { id } } lifecycleHistory { from until stage } }`,
  contact: 'contact { id version name post role phones archivedAt } customer { id }',
  activity:
    'activity { id kind body happenedAt retractedAt author { id } contact { id } } customer { id lastActivityAt }',
  comment: 'comment { id version body editedAt author { id } }',
  product: 'product { id version name series listPrice aliases active externalId }',
};

/** Runs one mutation and gives its result, payload or error. */
export async function mutate(
  app: TestApp,
  actor: Actor,
  name: string,
  of: keyof typeof FIELDS,
  input: Record<string, unknown>,
): Promise<Outcome> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const document = `mutation ($input: ${type}Input!) { ${name}(input: $input) {
    __typename ... on ${type}Payload { ${FIELDS[of]} } ... on UserError { code message path }
    ... on Conflict { current { id } currentVersion } } }`;
  const data = await app.expectData<Record<string, Outcome>>(
    document,
    { input },
    { token: actor.token },
  );
  return data[name] as Outcome;
}

export interface CustomerView {
  id: string;
  version: number;
  name: string;
  lifecycle: string;
  lastActivityAt: string | null;
  owner: { id: string };
  ownershipHistory: { from: string; until: string | null; owner: { id: string } }[];
  lifecycleHistory: { from: string; until: string | null; stage: string }[];
  [field: string]: unknown;
}

/** A mutation of a customer that must succeed. */
export async function changed(
  app: TestApp,
  actor: Actor,
  name: string,
  input: Record<string, unknown>,
): Promise<CustomerView> {
  const outcome = await mutate(app, actor, name, 'customer', input);
  if (!outcome.customer) throw new Error(`${name} failed: ${JSON.stringify(outcome)}`);
  return outcome.customer as CustomerView;
}

export const create = (app: TestApp, actor: Actor, input: Record<string, unknown>) =>
  changed(app, actor, 'createCustomer', input);

export interface Listing {
  nodes: { id: string; name: string }[];
  totalCount: number;
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
}

const LIST = `query ($filter: CustomerFilter, $search: String, $orderBy: [CustomerOrder!], $first: Int, $after: String,
  $last: Int, $before: String) {
  customers(filter: $filter, search: $search, orderBy: $orderBy, first: $first, after: $after, last: $last,
    before: $before) {
    nodes { id name } totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;

export async function list(
  app: TestApp,
  actor: Actor,
  variables: Record<string, unknown> = {},
): Promise<Listing> {
  const data = await app.expectData<{ customers: Listing }>(LIST, variables, {
    token: actor.token,
  });
  return data.customers;
}

/** Names in the order of the list. */
export const names = async (app: TestApp, actor: Actor, variables: Record<string, unknown> = {}) =>
  (await list(app, actor, variables)).nodes.map(({ name }) => name);

/** What the log has of a record: types in their order. */
export async function logged(app: TestApp, globalId: string): Promise<string[]> {
  const { rows } = await app.app.db.pool.query<{ type: string }>(
    'select type from event where record_id = $1 order by position',
    [uuidOf(globalId)],
  );
  return rows.map(({ type }) => type);
}

export const uuidOf = (globalId: string): string =>
  Buffer.from(globalId, 'base64url').toString('utf8').split(':')[1] ?? '';

/** What a member has scored on a metric in all, by the ledger. */
export async function score(app: TestApp, actor: Actor, metric: string): Promise<number> {
  const { rows } = await app.app.db.pool.query<{ sum: string }>(
    `select coalesce(sum(e.amount), 0) as sum from score_entry e
     join metric_version v on v.id = e.metric_version_id join metric m on m.id = v.metric_id
     where e.organization_id = $1 and e.member_id = $2 and m.key = $3`,
    [actor.organizationId, actor.memberId, metric],
  );
  return Number(rows[0]?.sum);
}
