import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { createMusterClient } from '../../src/client/muster-client.ts';
import { MyTasksDocument } from '../../src/generated/operations.ts';

const sockets = new Set<Socket>();
const server = createServer((socket) => {
  sockets.add(socket.resume());
});
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
});

test('a request to a server that has gone without a word fails in the end', async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/graphql`;
  const client = createMusterClient({ url, token: () => 'token', silenceMs: 300 });
  await expect(client.query(MyTasksDocument, {})).rejects.toMatchObject({ code: 'NETWORK' });
  expect(sockets.size).toBe(1);
  await client.close();
});
