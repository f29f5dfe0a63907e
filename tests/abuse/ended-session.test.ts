import { afterAll, expect, test } from 'vitest';
import { revokeToken } from '../../src/domains/organization/tokens.ts';
import { testDatabase } from '../support/database.ts';
import { startNode, writerOf } from '../support/node.ts';
import { signedInSocket, subscribeMessage } from '../support/raw-socket.ts';
import { org } from '../support/seed.ts';

// A node that hears of nothing: no wake-up reaches it, and its poll comes after the test.
const databaseUrl = await testDatabase();
const db = writerOf(databaseUrl);
const node = await startNode(databaseUrl, { WAKEUP: 'process', POLL_MILLISECONDS: '60000' });
afterAll(async () => {
  await node.stop();
  await db.close();
});

test('a socket whose session has ended can do nothing, even where nobody has heard of it', async () => {
  const company = await org(db);
  const rep = await company.rep();
  const socket = await signedInSocket(node.url, rep.token);
  socket.send(subscribeMessage('before', '{ viewer { kind } }'));
  expect(await socket.next()).toMatchObject({ payload: { data: { viewer: { kind: 'MEMBER' } } } });
  expect((await socket.next()).type).toBe('complete');
  const { tokenId } = await rep.viewer();
  await revokeToken(db, await company.viewer(), { id: tokenId });
  const title = 'after the end';
  for (const [id, query] of [
    ['subscription', 'subscription { taskEvents { cursor } }'],
    ['mutation', `mutation { createTask(input: { title: "${title}" }) { __typename } }`],
    ['query', '{ tasks(first: 1) { nodes { id } } }'],
  ] as const) {
    socket.send(subscribeMessage(id, query));
    const { payload } = await socket.next();
    expect(payload).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    expect(await socket.next()).toEqual({ id, type: 'complete' });
  }
  expect(await db.prisma.task.count({ where: { title } })).toBe(0);
  expect(socket.client.readyState).toBe(socket.client.OPEN);
  await socket.leave();
});
