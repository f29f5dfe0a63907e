import { connect, createServer, type Socket } from 'node:net';

interface Pair {
  client: Socket;
  upstream: Socket;
  isSwallowed: boolean;
}

/** A TCP balancer on 127.0.0.1 in front of servers there: where a fault breaks what it likes. */
export interface Door {
  readonly port: number;
  /** How many connections go through it. */
  readonly connections: number;
  /** Breaks all connections without a word. */
  cut(): void;
  /** While shut, new connections are broken at once; those that stand stay. */
  shut(isShut: boolean): void;
  /**
   * Makes the connections that stand half-open for ever: what either side sends is swallowed, and neither hears that
   * the other has gone. New connections are whole. Says how many there were.
   */
  swallow(): number;
  /** Neither side of the connections that stand reads what the other sends, until `thaw`. Says how many there were. */
  freeze(): number;
  thaw(): void;
  close(): Promise<void>;
}

/** @param targets ports to try for a new connection, in this order; asked every time */
export async function openDoor(targets: () => readonly number[]): Promise<Door> {
  const pairs = new Set<Pair>();
  const frozen = new Set<Pair>();
  let isShut = false;
  const server = createServer({ pauseOnConnect: true }, (client) => {
    client.on('error', () => client.destroy());
    if (isShut) return client.destroy();
    return pass(client, [...targets()]);
  });

  function pass(client: Socket, [port, ...others]: number[]): void {
    if (port === undefined) return void client.destroy();
    const upstream = connect(port, '127.0.0.1');
    upstream.once('error', () => pass(client, others));
    upstream.once('connect', () => {
      upstream.removeAllListeners('error');
      join({ client, upstream, isSwallowed: false });
    });
  }

  function join(pair: Pair): void {
    const { client, upstream } = pair;
    pairs.add(pair);
    const end = () => {
      if (pair.isSwallowed && !(client.destroyed && upstream.destroyed)) return;
      pairs.delete(pair);
      frozen.delete(pair);
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      socket.on('error', () => socket.destroy());
      socket.on('close', end);
    }
    client.pipe(upstream);
    upstream.pipe(client);
    if (client.destroyed) end();
  }

  const both = (pair: Pair, act: (from: Socket, to: Socket) => void) => {
    act(pair.client, pair.upstream);
    act(pair.upstream, pair.client);
  };
  const cut = () => {
    for (const pair of [...pairs]) {
      pair.isSwallowed = false;
      both(pair, (socket) => socket.destroy());
    }
  };

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    get connections() {
      return pairs.size;
    },
    cut,
    shut(shut) {
      isShut = shut;
    },
    swallow() {
      const standing = [...pairs].filter(({ isSwallowed }) => !isSwallowed);
      for (const pair of standing) {
        pair.isSwallowed = true;
        both(pair, (from, to) => from.unpipe(to).resume());
      }
      return standing.length;
    },
    freeze() {
      const standing = [...pairs].filter(({ isSwallowed }) => !isSwallowed);
      for (const pair of standing) {
        frozen.add(pair);
        both(pair, (from, to) => from.unpipe(to).pause());
      }
      return standing.length;
    },
    thaw() {
      for (const pair of frozen) both(pair, (from, to) => from.pipe(to));
      frozen.clear();
    },
    async close() {
      isShut = true;
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
