// What is measured: Muster, and beside it in the same process WebSockets that are written to in a plain loop.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { type App, createApp } from '../../src/app.ts';
import { readSettings } from '../../src/settings.ts';
import { answerCalls } from './calls.ts';

interface Bare {
  port: number;
  sockets: Set<{ client: WebSocket; bytes: Socket }>;
}

const apps = new Map<string, App>();
const bare = new Map<string, Bare>();
let longest = 0;
let isWatching = false;

/** A text message as one frame. */
function frameOf(text: string): Buffer {
  const payload = Buffer.from(text);
  const { length } = payload;
  if (length > 65_535) throw new Error('the bench has no frames of that size');
  const head =
    length < 126
      ? Buffer.from([0x81, length])
      : Buffer.from([0x81, 126, length >> 8, length & 255]);
  return Buffer.concat([head, payload]);
}

function watchTurns(): void {
  let last = performance.now();
  const look = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (isWatching) setImmediate(look);
  };
  setImmediate(look);
}

const functions = {
  /** Once for each name. */
  async startApp({
    name,
    databaseUrl,
    shared,
  }: {
    name: string;
    databaseUrl: string;
    shared: boolean;
  }) {
    const known = apps.get(name);
    if (known) return { port: Number(new URL(known.url).port) };
    const settings = readSettings({
      ...{ DATABASE_URL: databaseUrl, PORT: '0', LOG_LEVEL: 'silent', WAKEUP: 'postgres' },
      ...{ SHARED_FRAMES: shared ? '1' : '0', DRAIN_READY_MS: '0', DRAIN_WINDOW_MS: '0' },
      ...{ KEEP_ALIVE_MS: '300000', POLL_MILLISECONDS: '500' },
    });
    const app = createApp(settings);
    await app.start();
    apps.set(name, app);
    return { port: Number(new URL(app.url).port) };
  },

  async startBare({ name }: { name: string }): Promise<{ port: number }> {
    const server = createServer();
    const sockets: Bare['sockets'] = new Set();
    const accept = new WebSocketServer({ noServer: true, perMessageDeflate: false });
    server.on('upgrade', (request, socket, head) => {
      accept.handleUpgrade(request, socket, head, (client) => {
        const one = { client, bytes: request.socket };
        sockets.add(one);
        client.on('close', () => sockets.delete(one));
        client.on('error', () => {});
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    bare.set(name, { port, sockets });
    return { port };
  },

  /** One prebuilt frame written to every socket below its WebSocket, or one string sent by every WebSocket. */
  broadcast({ name, text, how }: { name: string; text: string; how: 'write' | 'send' }): void {
    const { sockets } = bare.get(name) as Bare;
    if (how === 'send') {
      for (const { client } of sockets) client.send(text);
      return;
    }
    const frame = frameOf(text);
    for (const { bytes } of sockets) bytes.write(frame);
  },

  /** Milliseconds of CPU of all threads. */
  cpu(): number {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  },

  /** Bytes in use after all garbage has gone. */
  heap(): number {
    for (let n = 0; n < 10; n += 1) (globalThis as { gc?: () => void }).gc?.();
    return process.memoryUsage().heapUsed;
  },

  /** From now on it looks how long the event loop does not come round. */
  watch(): void {
    isWatching = true;
    longest = 0;
    watchTurns();
  },

  /** The longest since the last call, in milliseconds. */
  longest(): number {
    const found = longest;
    longest = 0;
    return found;
  },

  unwatch(): void {
    isWatching = false;
  },

  async stop(): Promise<void> {
    for (const { sockets } of bare.values()) for (const { client } of sockets) client.terminate();
    for (const app of apps.values()) await app.stop();
  },
};

export type Server = typeof functions;
answerCalls(functions);
