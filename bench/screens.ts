// Screens that watch one board, from the load generator's process: graphql-transport-ws over ws, with no parsing.
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';

const WATCH = `subscription Watch($id: ID!, $first: Int) { leaderboard(id: $id, first: $first) {
  cursor reset standings { rank name score gapToNext } changes { name from to scoreBefore scoreAfter } } }`;

export interface Screens {
  readonly size: number;
  /** How many updates have come, the first answers included. */
  readonly frames: number;
  /** Resolves with the times, by performance.now(), at which every screen has shown a text; any screen shows it once. */
  shown(text: string): Promise<number[]>;
  close(): void;
}

/** Opens so many, 50 at a time or each at a random time of so many milliseconds, and waits for the first answer of each. */
export async function openScreens(
  url: string,
  token: string,
  board: string,
  count: number,
  { spreadMs }: { spreadMs?: number } = {},
): Promise<Screens> {
  const sockets: WebSocket[] = [];
  const waiting = new Map<string, { times: number[]; done: (times: number[]) => void }>();
  let frames = 0;
  const open = async (n: number) => {
    const socket = new WebSocket(url.replace(/^http/, 'ws'), 'graphql-transport-ws');
    sockets.push(socket);
    await once(socket, 'open');
    const first = Promise.withResolvers<void>();
    socket.on('close', (code) => first.reject(new Error(`A screen was closed with ${code}.`)));
    socket.on('message', (data: Buffer) => {
      const text = data.toString('latin1');
      if (text.startsWith('{"type":"connection_ack"')) {
        const asked = { query: WATCH, variables: { id: board, first: 10 } };
        socket.send(JSON.stringify({ id: `screen-${n}`, type: 'subscribe', payload: asked }));
        return;
      }
      if (text.startsWith('{"type":"ping"')) return socket.send('{"type":"pong"}');
      if (!text.includes('"leaderboard"')) throw new Error(text.slice(0, 500));
      frames += 1;
      first.resolve();
      for (const [wanted, { times, done }] of waiting) {
        if (!text.includes(wanted)) continue;
        times.push(performance.now());
        if (times.length === count) done(times);
      }
    });
    const payload = { authorization: `Bearer ${token}` };
    socket.send(JSON.stringify({ type: 'connection_init', payload }));
    await first.promise;
  };
  const range = (length: number, from = 0) => Array.from({ length }, (_, index) => from + index);
  if (spreadMs !== undefined) {
    await Promise.all(
      range(count).map(async (n) => {
        await pause(Math.random() * spreadMs);
        await open(n);
      }),
    );
  } else {
    for (let n = 0; n < count; n += 50)
      await Promise.all(range(Math.min(50, count - n), n).map(open));
  }
  return {
    size: count,
    get frames() {
      return frames;
    },
    shown(text) {
      return new Promise((resolve) => {
        const done = (times: number[]) => {
          waiting.delete(text);
          resolve(times);
        };
        waiting.set(text, { times: [], done });
      });
    },
    close() {
      for (const socket of sockets) {
        socket.removeAllListeners('close');
        socket.terminate();
      }
    },
  };
}
