import { beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../../src/database/ids.ts';
import { createProduct } from '../../../src/domains/catalog/service.ts';
import { addContact } from '../../../src/domains/customers/contacts.ts';
import { createCustomer } from '../../../src/domains/customers/service.ts';
import { type TestApp, testApp } from '../../support/app.ts';
import { type Actor, type Organization, org } from '../../support/seed.ts';
import { gid, mutate, type Outcome, STAGES } from './front-door.ts';

let app: TestApp;
let admin: Organization;
let foreign: Organization;
let manager: Actor;
let rep: Actor;
let colleague: Actor;
let outsider: Actor;
let funnelId: string;
let stages: Record<string, string>;

beforeAll(async () => {
  app = await testApp();
  const { db } = app.app;
  admin = await org(db, { timeZone: 'Asia/Shanghai' });
  foreign = await org(db);
  const [team, other] = [await admin.team('一组'), await admin.team('二组')];
  manager = await admin.manager({ team });
  rep = await admin.rep({ team });
  colleague = await admin.rep({ team });
  outsider = await admin.manager({ team: other });
  const made = await run(admin, 'createFunnel', { name: '直销', stages: STAGES });
  funnelId = made.funnel?.id ?? '';
  stages = Object.fromEntries((made.funnel?.stages ?? []).map(({ id, name }) => [name, id]));
});

const run = (actor: Actor, name: string, input: Record<string, unknown>): Promise<Outcome> =>
  mutate(app, actor, name, input);

const ask = <Data>(actor: Actor, document: string, variables: Record<string, unknown> = {}) =>
  app.expectData<Data>(document, variables, { token: actor.token });

async function open(input: Record<string, unknown> = {}, actor = rep): Promise<string> {
  const made = await run(actor, 'createOpportunity', { name: '年度采购', funnelId, ...input });
  if (!made.opportunity) throw new Error(JSON.stringify(made));
  return made.opportunity.id;
}

const uuidOf = (id: string) => Buffer.from(id, 'base64url').toString().split(':')[1] ?? '';

const read = (id: string) =>
  app.app.db.prisma.opportunity.findUniqueOrThrow({ where: { id: uuidOf(id) } });

describe('the way of an opportunity', () => {
  test('is told with who and how long', async () => {
    const id = await open({ amount: '1200.50', expectedCloseOn: '2030-01-31' });
    await run(rep, 'moveOpportunity', { id, stageId: stages.谈判 });
    const won = await run(manager, 'winOpportunity', { id, expectedVersion: 2 });
    expect(won).toMatchObject({
      __typename: 'WinOpportunityPayload',
      opportunity: { version: 3, status: 'WON', wonAmount: '1200.5', stage: { name: '赢单' } },
    });
    const { node } = await ask<{ node: Record<string, unknown> }>(
      rep,
      `query ($id: ID!) { node(id: $id) { ... on Opportunity {
        name expectedCloseOn product { name } overLimit
        creditedTo { id } funnel { name } history(first: 2) {
          totalCount pageInfo { hasNextPage endCursor }
          nodes { stage { name } status enteredAt leftAt seconds by { id } }
        } } } }`,
      { id },
    );
    expect(node).toMatchObject({
      expectedCloseOn: '2030-01-31',
      product: null,
      overLimit: false,
      creditedTo: { id: gid('Member', rep.memberId) },
      funnel: { name: '直销' },
      history: {
        totalCount: 3,
        pageInfo: { hasNextPage: true },
        nodes: [
          { stage: { name: '了解' }, status: 'OPEN', by: { id: gid('Member', rep.memberId) } },
          { stage: { name: '谈判' }, status: 'OPEN', seconds: expect.any(Number) },
        ],
      },
    });
    const { node: rest } = await ask<{ node: { history: { nodes: unknown[] } } }>(
      rep,
      `query ($id: ID!, $after: String) { node(id: $id) { ... on Opportunity {
        history(after: $after) { nodes { stage { name } leftAt by { id } } } } } }`,
      {
        id,
        after: (node as { history: { pageInfo: { endCursor: string } } }).history.pageInfo
          .endCursor,
      },
    );
    expect(rest.history.nodes).toEqual([
      { stage: { name: '赢单' }, leftAt: null, by: { id: gid('Member', manager.memberId) } },
    ]);
  });

  test('a retry under the same key answers the same, at the same position', async () => {
    const id = await open({ amount: '1' });
    const input = { id, idempotencyKey: newId() };
    const [first, second] = [
      await run(rep, 'winOpportunity', input),
      await run(rep, 'winOpportunity', input),
    ];
    expect(first.__typename).toBe('WinOpportunityPayload');
    expect(second).toEqual(first);
    expect((await run(rep, 'winOpportunity', { id })).__typename).toBe('WrongState');
    expect(await run(rep, 'winOpportunity', { ...input, wonAmount: '2' })).toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
  });

  test('a gate names all that is missing, and opens when it is there', async () => {
    const { db } = app.app;
    const gated = await run(admin, 'createFunnel', {
      name: '有门槛',
      stages: [
        STAGES[0],
        { ...STAGES[1], requiredFields: ['CUSTOMER', 'CONTACT', 'PHONE', 'PRODUCT', 'AMOUNT'] },
        { ...STAGES[2], requiredFields: ['EXPECTED_CLOSE_ON'] },
        STAGES[3],
      ],
    });
    const stageId = gated.funnel?.stages[1]?.id;
    const id = await open({ funnelId: gated.funnel?.id });
    const move = () => run(rep, 'moveOpportunity', { id, stageId });
    expect(await move()).toMatchObject({
      __typename: 'FieldsMissing',
      fields: ['CUSTOMER', 'CONTACT', 'PHONE', 'PRODUCT', 'AMOUNT'],
      stage: { name: '谈判' },
    });
    const viewer = await rep.viewer();
    const customer = await createCustomer(db, viewer, { name: '华东贸易' });
    const product = await createProduct(db, await admin.viewer(), { name: 'GTX 有门槛' });
    await run(rep, 'updateOpportunity', {
      id,
      expectedVersion: 1,
      amount: '10',
      customerId: gid('Customer', customer.id),
      productId: gid('Product', product.id),
    });
    expect(await move()).toMatchObject({ fields: ['CONTACT', 'PHONE'] });
    await addContact(db, viewer, {
      customerId: customer.id,
      name: '李四',
      phones: ['13800001111'],
    });
    expect(await move()).toMatchObject({ __typename: 'MoveOpportunityPayload' });
    expect(await run(rep, 'winOpportunity', { id })).toMatchObject({
      fields: ['EXPECTED_CLOSE_ON'],
    });
    expect(
      await run(rep, 'updateOpportunity', { id, expectedVersion: 3, productId: null }),
    ).toMatchObject({ __typename: 'FieldsMissing', fields: ['PRODUCT'] });
    expect(await read(id)).toMatchObject({ version: 3, status: 'OPEN', productId: product.id });
  });
});

test('links lead to what the caller may see, from both sides', async () => {
  const { db } = app.app;
  const mine = await createCustomer(db, await rep.viewer(), { name: '我的客户' });
  const id = await open({ amount: '8', customerId: gid('Customer', mine.id) });
  await run(manager, 'transferOpportunity', { id, ownerId: gid('Member', colleague.memberId) });
  await run(colleague, 'updateOpportunity', { id, expectedVersion: 2, amount: '9' });
  const see = async (actor: Actor) => {
    const { deal, customer } = await ask<{ deal: unknown; customer: unknown }>(
      actor,
      `query ($id: ID!, $customer: ID!) {
        deal: node(id: $id) { ... on Opportunity {
          customer { name } ownershipHistory { owner { id } until } amountHistory { amount }
          comments { nodes { body } } } }
        customer: node(id: $customer) { ... on Customer { opportunities { totalCount nodes { id } } } }
      }`,
      { id, customer: gid('Customer', mine.id) },
    );
    return { deal, customer };
  };
  const said = await app.expectData<{ addComment: { __typename: string } }>(
    `mutation ($id: ID!) { addComment(input: { recordId: $id, body: "等客户回复" }) { __typename } }`,
    { id },
    { token: colleague.token },
  );
  expect(said.addComment.__typename).toBe('AddCommentPayload');
  const deal = {
    ownershipHistory: [
      { owner: { id: gid('Member', colleague.memberId) }, until: null },
      { owner: { id: gid('Member', rep.memberId) }, until: expect.any(String) },
    ],
    amountHistory: [{ amount: '9' }, { amount: '8' }],
    comments: { nodes: [{ body: '等客户回复' }] },
  };
  expect(await see(manager)).toEqual({
    deal: { ...deal, customer: { name: '我的客户' } },
    customer: { opportunities: { totalCount: 1, nodes: [{ id }] } },
  });
  // The customer stayed with the former owner: each of the two sees one side only.
  expect(await see(colleague)).toEqual({ deal: { ...deal, customer: null }, customer: null });
  expect(await see(rep)).toEqual({
    deal: null,
    customer: { opportunities: { totalCount: 0, nodes: [] } },
  });
  expect(await see(foreign)).toEqual({ deal: null, customer: null });
});

describe('bad input has its name and leaves nothing', () => {
  test('of an opening', async () => {
    const position = await head();
    const elsewhere = await run(foreign, 'createFunnel', { name: '外', stages: STAGES });
    const foreignStage = elsewhere.funnel?.stages[0]?.id;
    const before = await head();
    const refused = async (input: Record<string, unknown>) => {
      const { code, path } = await run(rep, 'createOpportunity', { name: 'x', funnelId, ...input });
      return `${code} ${path?.join('.')}`;
    };
    expect(await refused({ name: ' ' })).toBe('INVALID_INPUT input.name');
    expect(await refused({ name: '长'.repeat(201) })).toBe('INVALID_INPUT input.name');
    expect(await refused({ amount: '-1' })).toBe('INVALID_INPUT input.amount');
    expect(await refused({ funnelId: gid('Funnel', newId()) })).toBe('NOT_FOUND input.funnelId');
    expect(await refused({ funnelId: elsewhere.funnel?.id })).toBe('NOT_FOUND input.funnelId');
    expect(await refused({ funnelId: stages.了解 })).toBe('INVALID_INPUT input.funnelId');
    expect(await refused({ stageId: foreignStage })).toBe('NOT_FOUND input.stageId');
    expect(await refused({ stageId: stages.赢单 })).toBe('INVALID_INPUT input.stageId');
    expect(await refused({ customerId: gid('Customer', newId()) })).toBe(
      'NOT_FOUND input.customerId',
    );
    expect(await refused({ productId: gid('Product', newId()) })).toBe('NOT_FOUND input.productId');
    expect(await refused({ ownerId: gid('Member', colleague.memberId) })).toBe(
      'NOT_ALLOWED input.ownerId',
    );
    expect(await refused({ openedAt: '0001-01-01T00:00:00Z' })).toBe(
      'INVALID_INPUT input.openedAt',
    );
    expect(await refused({ expectedCloseOn: '0001-01-01' })).toBe(
      'INVALID_INPUT input.expectedCloseOn',
    );
    expect(await refused({ openedAt: '2999-01-01T00:00:00Z' })).toBe(
      'MOMENT_OUT_OF_RANGE input.openedAt',
    );
    expect(await head()).toBe(before);
    expect(before).toBe(position);
    await open({ externalId: 'crm-1' });
    expect(await refused({ externalId: 'crm-1' })).toBe('ALREADY_EXISTS input.externalId');
  });

  test('of a change', async () => {
    const id = await open({ amount: '5' });
    const update = (input: Record<string, unknown>) =>
      run(rep, 'updateOpportunity', { id, expectedVersion: 1, ...input });
    expect(await update({ expectedVersion: 7 })).toMatchObject({
      __typename: 'Conflict',
      currentVersion: 1,
      current: { id },
    });
    expect(await update({ name: null })).toMatchObject({
      code: 'INVALID_INPUT',
      path: ['input', 'name'],
    });
    expect(await update({ wonAmount: '5' })).toMatchObject({ code: 'WRONG_STATE', state: 'OPEN' });
    expect(await update({ amount: '1e5' }).catch(String)).toContain('Decimal');
    expect(await run(rep, 'moveOpportunity', { id, stageId: stages.输单 })).toMatchObject({
      code: 'INVALID_INPUT',
    });
    expect(await run(rep, 'reopenOpportunity', { id })).toMatchObject({ code: 'WRONG_STATE' });
    expect(await read(id)).toMatchObject({ version: 1 });
  });

  test('of a funnel', async () => {
    const make = (input: Record<string, unknown>) =>
      run(admin, 'createFunnel', { name: '坏', stages: STAGES, ...input });
    expect(await make({ name: '直销' })).toMatchObject({
      code: 'ALREADY_EXISTS',
      path: ['input', 'name'],
    });
    expect(await make({ stages: STAGES.slice(1, 3) })).toMatchObject({ code: 'STAGES_INVALID' });
    const made = (await make({ name: '会改' })).funnel;
    const update = (input: Record<string, unknown>) =>
      run(admin, 'updateFunnel', { id: made?.id, expectedVersion: 1, ...input });
    expect(await update({ expectedVersion: 3 })).toMatchObject({ __typename: 'Conflict' });
    expect(await update({ name: null })).toMatchObject({ code: 'INVALID_INPUT' });
    expect(await update({ name: '直销' })).toMatchObject({ code: 'ALREADY_EXISTS' });
    const id = await open({ funnelId: made?.id });
    const [first, second, ...closing] = (made?.stages ?? []).map((stage) => ({ id: stage.id }));
    // What was used is archived, not deleted; the opportunity stays where it is and can go on.
    expect(await update({ stages: [{ ...second, name: '商谈' }, ...closing] })).toMatchObject({
      funnel: { version: 2, stages: [{ name: '商谈' }, { name: '赢单' }, { name: '输单' }] },
    });
    expect((await read(id)).stageId).toBe(uuidOf(first?.id ?? ''));
    expect(await run(rep, 'moveOpportunity', { id, stageId: second?.id })).toMatchObject({
      opportunity: { stage: { name: '商谈' } },
    });
    expect(await run(rep, 'moveOpportunity', { id, stageId: first?.id })).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await update({ expectedVersion: 2, archived: true })).toMatchObject({
      funnel: { version: 3, archived: true },
    });
    expect(await run(rep, 'createOpportunity', { name: 'x', funnelId: made?.id })).toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

const head = async () => {
  const { organizationId } = admin;
  return (await app.app.db.prisma.logHead.findUniqueOrThrow({ where: { organizationId } }))
    .position;
};

describe('who may', () => {
  const OK = 'ok';
  const NONE = 'NotFound';
  // In the order: admin, manager of the team, owner, colleague, manager of another team, another organization.
  const matrix: Record<string, [(id: string) => Record<string, unknown>, string[]]> = {
    createFunnel: [
      () => ({ name: `漏斗 ${newId()}`, stages: STAGES }),
      [OK, 'NotAllowed', 'FORBIDDEN', 'FORBIDDEN', 'NotAllowed', OK],
    ],
    updateFunnel: [
      () => ({ id: funnelId, expectedVersion: 1 }),
      [OK, 'NotAllowed', 'FORBIDDEN', 'FORBIDDEN', 'NotAllowed', NONE],
    ],
    createOpportunity: [
      () => ({ name: '给他', funnelId, ownerId: gid('Member', rep.memberId) }),
      [OK, OK, OK, 'NotAllowed', NONE, NONE],
    ],
    updateOpportunity: [
      (id) => ({ id, expectedVersion: 1, amount: '7' }),
      [OK, OK, OK, NONE, NONE, NONE],
    ],
    moveOpportunity: [(id) => ({ id, stageId: stages.谈判 }), [OK, OK, OK, NONE, NONE, NONE]],
    winOpportunity: [(id) => ({ id }), [OK, OK, OK, NONE, NONE, NONE]],
    loseOpportunity: [(id) => ({ id, reason: '价格' }), [OK, OK, OK, NONE, NONE, NONE]],
    transferOpportunity: [
      (id) => ({ id, ownerId: gid('Member', colleague.memberId) }),
      [OK, OK, 'FORBIDDEN', 'FORBIDDEN', NONE, NONE],
    ],
    archiveOpportunity: [(id) => ({ id, asMistake: true }), [OK, OK, OK, NONE, NONE, NONE]],
  };

  test.each(Object.entries(matrix))('%s', async (name, [inputOf, expected]) => {
    const actors = [admin, manager, rep, colleague, outsider, foreign];
    for (const [index, actor] of actors.entries()) {
      const id = await open({ amount: '5' });
      const before = await head();
      const outcome = await run(actor, name, inputOf(id));
      const said = outcome.__typename.endsWith('Payload') ? OK : outcome.__typename;
      expect({ actor: index, said }).toEqual({ actor: index, said: expected[index] });
      if (said === OK) continue;
      // Denied means nothing happened.
      expect(await head()).toBe(before);
      expect(await read(id)).toMatchObject({ version: 1, status: 'OPEN' });
    }
  });

  test('reopening, and changing what a winning was worth', async () => {
    const expected = [OK, OK, OK, NONE, NONE, NONE];
    const restating = [OK, OK, 'NotAllowed', NONE, NONE, NONE];
    for (const [index, actor] of [admin, manager, rep, colleague, outsider, foreign].entries()) {
      const id = await open({ amount: '5' });
      await run(rep, 'winOpportunity', { id });
      const restated = await run(actor, 'updateOpportunity', {
        id,
        expectedVersion: 2,
        wonAmount: '6',
      });
      const reopened = await run(actor, 'reopenOpportunity', { id });
      const said = [restated, reopened].map(({ __typename: type }) =>
        type.endsWith('Payload') ? OK : type,
      );
      expect(said).toEqual([restating[index], expected[index]]);
      if (index > 2) expect(await read(id)).toMatchObject({ version: 2, status: 'WON' });
    }
  });

  test('node gives opportunities to whose data scope covers them, funnels to the organization', async () => {
    const id = await open();
    const see = async (actor: Actor) => {
      const { nodes } = await ask<{ nodes: ({ id: string } | null)[] }>(
        actor,
        'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
        { ids: [id, funnelId, stages.了解] },
      );
      return nodes.map((node) => node !== null);
    };
    expect(await see(rep)).toEqual([true, true, true]);
    expect(await see(manager)).toEqual([true, true, true]);
    expect(await see(colleague)).toEqual([false, true, true]);
    expect(await see(outsider)).toEqual([false, true, true]);
    expect(await see(foreign)).toEqual([false, false, false]);
  });
});
