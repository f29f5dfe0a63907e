import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, expect, test } from 'vitest';
import { NodeProcess } from '../faults/node-process.ts';
import { testDatabase } from '../support/database.ts';
import { signedInSocket } from '../support/raw-socket.ts';

const SLOW = 60_000;

const directory = mkdtempSync(join(tmpdir(), 'muster-signals-'));
const node = new NodeProcess('node', join(directory, 'log'));
const databaseUrl = await testDatabase();
afterEach(() => node.kill());
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function started(environment: Record<string, string>) {
  await node.start({ DATABASE_URL: databaseUrl, WAKEUP: 'process', ...environment });
  const url = `http://127.0.0.1:${node.port}/graphql`;
  return { url, socket: await signedInSocket(url, null) };
}

const readiness = async (url: string) => {
  const response = await fetch(url.replace('/graphql', '/health/ready')).catch(() => null);
  return response?.status ?? 0;
};

test(
  'after a signal a node says that it stops, then sends its clients elsewhere, and exits with 0',
  async () => {
    const { url, socket } = await started({ DRAIN_READY_MS: '3000', DRAIN_WINDOW_MS: '100' });
    const exit = node.terminate();
    await expect.poll(() => readiness(url), { interval: 20 }).toBe(503);
    expect(socket.client.readyState).toBe(socket.client.OPEN);
    expect(await socket.closed).toBe(1012);
    expect(await exit).toBe(0);
  },
  SLOW,
);

test(
  'a second signal ends it at once',
  async () => {
    const { url, socket } = await started({ DRAIN_READY_MS: '300000', DRAIN_WINDOW_MS: '600000' });
    const exit = node.terminate();
    await expect.poll(() => readiness(url), { interval: 20 }).toBe(503);
    // What comes sooner counts as the same press of Ctrl-C, which npm passes on.
    await pause(1_000);
    void node.terminate();
    expect(await exit).toBe(1);
    expect(await socket.closed).toBe(1006);
  },
  SLOW,
);
