import { beforeAll, describe, expect, test } from 'vitest';
import { encodeGlobalId } from '../../../src/api/global-ids.ts';
import { type TestApp, testApp } from '../../support/app.ts';
import { type Actor, type Organization, org } from '../../support/seed.ts';
import { changed, create, idOf, mutate, uuidOf } from '../customers/world.ts';

let app: TestApp;
let admin: Organization;
let rep: Actor;
let outsider: Actor;
let customerId: string;

beforeAll(async () => {
  app = await testApp();
  admin = await org(app.app.db);
  rep = await admin.rep();
  outsider = await admin.rep();
  customerId = (await create(app, rep, { name: '评论公司' })).id;
});

interface Comment {
  id: string;
  version: number;
  body: string;
  editedAt: string | null;
  author: { id: string };
}

const send = (actor: Actor, name: string, input: Record<string, unknown>) =>
  mutate(app, actor, name, 'comment', input);
const add = async (actor: Actor, recordId: string, body: string) =>
  (await send(actor, 'addComment', { recordId, body })).comment as Comment;

const bodies = async (actor: Actor, id: string) => {
  const { node } = await app.expectData<{
    node: { comments: { nodes: Comment[]; totalCount: number } } | null;
  }>(
    'query ($id: ID!) { node(id: $id) { ... on Customer { comments(first: 50) { totalCount nodes { body author { id } } } } } }',
    { id },
    { token: actor.token },
  );
  return node?.comments.nodes.map(({ body }) => body) ?? null;
};

const events = async (id: string) => {
  const { rows } = await app.app.db.pool.query<{ type: string }>(
    "select type, payload, visibility from event where record_id = $1 and type like 'comment.%' order by position",
    [uuidOf(id)],
  );
  return rows;
};

test('a comment stands on its record, and its text in no event', async () => {
  const first = await add(rep, customerId, ' 第一条\n评论 ');
  expect(first).toMatchObject({
    version: 1,
    body: '第一条\n评论',
    editedAt: null,
    author: { id: idOf(rep) },
  });
  await add(admin, customerId, '第二条');
  expect(await bodies(rep, customerId)).toEqual(['第一条\n评论', '第二条']);
  const owners = { owners: [rep.memberId] };
  expect((await events(customerId))[0]).toEqual({
    type: 'comment.added',
    payload: { commentId: uuidOf(first.id) },
    visibility: { before: owners, after: owners },
  });
});

test('an author changes the own comment, against its version', async () => {
  const { id } = await add(rep, customerId, '原文');
  const edit = (actor: Actor, expectedVersion: number, body: string) =>
    send(actor, 'editComment', { id, expectedVersion, body });
  expect(await edit(admin, 1, '改')).toMatchObject({ code: 'NOT_ALLOWED' });
  expect((await edit(rep, 1, '改文')).comment).toMatchObject({ version: 2, body: '改文' });
  expect(await edit(rep, 1, '再改')).toMatchObject({ code: 'CONFLICT', current: { id } });
  const before = (await events(customerId)).length;
  expect((await edit(rep, 2, '改文')).comment).toMatchObject({ version: 2 });
  expect(await events(customerId)).toHaveLength(before);
});

describe('who cannot see the record', () => {
  test('neither reads, writes nor changes its comments', async () => {
    const stranger = await org(app.app.db);
    const { id } = await add(rep, customerId, '内部');
    for (const actor of [outsider, stranger]) {
      expect(await send(actor, 'addComment', { recordId: customerId, body: 'x' })).toMatchObject({
        code: 'NOT_FOUND',
      });
      expect(await send(actor, 'editComment', { id, expectedVersion: 1, body: 'x' })).toMatchObject(
        { code: 'NOT_FOUND' },
      );
      expect(await bodies(actor, customerId)).toBeNull();
      const { node } = await app.expectData<{ node: unknown }>(
        'query ($id: ID!) { node(id: $id) { id } }',
        { id },
        { token: actor.token },
      );
      expect(node).toBeNull();
    }
    const { node } = await app.expectData<{ node: unknown }>(
      'query ($id: ID!) { node(id: $id) { ... on Comment { body } } }',
      { id },
      { token: rep.token },
    );
    expect(node).toEqual({ body: '内部' });
  });

  test('loses sight of the own comment with it', async () => {
    const record = await create(app, outsider, { name: '要转走' });
    const { id } = await add(outsider, record.id, '我写的');
    await changed(app, admin, 'transferCustomer', { id: record.id, ownerId: idOf(rep) });
    expect(
      await send(outsider, 'editComment', { id, expectedVersion: 1, body: 'x' }),
    ).toMatchObject({ code: 'NOT_FOUND' });
    expect(await bodies(rep, record.id)).toEqual(['我写的']);
  });

  test('sees the comments of one record in an answer, and not of another', async () => {
    const theirs = await create(app, outsider, { name: '别人的' });
    await add(outsider, theirs.id, '别人的评论');
    const data = await app.expectData(
      `query ($mine: ID!, $theirs: ID!) {
        mine: node(id: $mine) { ... on Customer { comments(first: 1) { nodes { body } } } }
        theirs: node(id: $theirs) { ... on Customer { comments(first: 1) { nodes { body } } } } }`,
      { mine: customerId, theirs: theirs.id },
      { token: rep.token },
    );
    expect(data).toMatchObject({ mine: { comments: { nodes: [{}] } }, theirs: null });
  });
});

test('a comment says something, and on something that takes comments', async () => {
  for (const [input, code, path] of [
    [{ recordId: customerId, body: ' \n ' }, 'INVALID_INPUT', 'body'],
    [{ recordId: customerId, body: '长'.repeat(10_001) }, 'INVALID_INPUT', 'body'],
    [{ recordId: idOf(rep), body: 'x' }, 'INVALID_INPUT', 'recordId'],
    [{ recordId: 'nonsense', body: 'x' }, 'INVALID_INPUT', 'recordId'],
    [
      { recordId: encodeGlobalId('Customer', '00000000-0000-7000-8000-000000000000'), body: 'x' },
      'NOT_FOUND',
      'recordId',
    ],
  ] as const) {
    expect(await send(rep, 'addComment', input)).toMatchObject({ code, path: ['input', path] });
  }
});
