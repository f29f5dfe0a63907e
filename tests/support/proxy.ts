import { connect, createServer, type Socket } from 'node:net';

/** What stands between a client and a node, so that a test can break what it likes. */
export interface TestProxy {
  /** The node's url as seen through here. */
  readonly url: string;
  /** What clients have sent so far, as far as it is text. */
  sent(): string;
  /** Breaks all connections without a word. */
  cut(): void;
  /** Nothing of what the node says comes through until `thaw`, and nothing is closed. */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

export async function startProxy(target: string): Promise<TestProxy> {
  const node = new URL(target);
  let sent = '';
  let isFrozen = false;
  const pairs = new Set<[client: Socket, upstream: Socket]>();
  const server = createServer((client) => {
    const upstream = connect(Number(node.port), node.hostname);
    const pair: [Socket, Socket] = [client, upstream];
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      client.destroy();
      upstream.destroy();
    };
    client.on('data', (bytes) => {
      sent += bytes.toString('latin1');
    });
    client.pipe(upstream);
    upstream.pipe(client);
    if (isFrozen) upstream.unpipe(client).pause();
    for (const socket of pair) socket.on('error', end).on('close', end);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : null;
  const cut = () => {
    for (const pair of [...pairs]) for (const socket of pair) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    sent: () => sent,
    cut,
    freeze() {
      isFrozen = true;
      for (const [client, upstream] of pairs) upstream.unpipe(client).pause();
    },
    thaw() {
      isFrozen = false;
      for (const [client, upstream] of pairs) upstream.pipe(client);
    },
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
