// docs/nginx.conf as it stands, but for addresses and TLS, before two nodes.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import type { App } from '../../src/app.ts';
import { createTask } from '../../src/domains/tasks/service.ts';
import { ask, subscribe } from '../support/client.ts';
import { testDatabase } from '../support/database.ts';
import { startNode, writerOf } from '../support/node.ts';
import { type Actor, org } from '../support/seed.ts';

const SOON = { timeout: 15_000 };
const hasNginx = spawnSync('nginx', ['-v']).status === 0;
if (!hasNginx) console.log('No nginx on this machine: docs/nginx.conf is not tried.');

const WATCH = 'subscription { taskEvents { cursor taskVersion } }';

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** The sample with the test's addresses; fails when a line to be changed is no longer there. */
function sampleFor(port: number, nodes: readonly App[]): string {
  let text = readFileSync('docs/nginx.conf', 'utf8');
  const change = (from: string | RegExp, to: string) => {
    expect(text).toMatch(from);
    text = text.replace(from, to);
  };
  for (const [index, node] of nodes.entries()) {
    change(`10.0.0.${11 + index}:4000`, `127.0.0.1:${new URL(node.url).port}`);
  }
  change('listen 443 ssl;', `listen 127.0.0.1:${port};`);
  change(/ssl_certificate .*\n/, '\n');
  change(/ssl_certificate_key .*\n/, '\n');
  return text;
}

/** As docs/operations.md says for an organization's screens on one node. */
const byOrganization = (sample: string): string =>
  sample.replace('least_conn;', 'hash $arg_organization consistent;');

function startNginx(directory: string, sample: string): ChildProcess {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${directory}/${kind};`)
    .join('\n');
  const whole = `daemon off; worker_processes 1; pid ${directory}/pid; error_log ${directory}/error.log;
events { worker_connections 256; }
http { access_log off; ${temporary}\n${sample} }`;
  writeFileSync(path.join(directory, 'nginx.conf'), whole);
  const child = spawn('nginx', ['-p', directory, '-c', 'nginx.conf', '-e', 'error.log'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return child;
}

async function untilItListens(url: string): Promise<void> {
  for (let left = 200; ; left -= 1) {
    try {
      await fetch(url);
      return;
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

describe.skipIf(!hasNginx)('two nodes behind nginx', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'muster-nginx-'));
  let url: string;
  let nodes: App[];
  let nginx: ChildProcess;
  let acme: Actor;
  let db: ReturnType<typeof writerOf>;

  beforeAll(async () => {
    const databaseUrl = await testDatabase();
    const environment = { TRUST_PROXY: '1', DRAIN_WINDOW_MS: '500' };
    nodes = [await startNode(databaseUrl, environment), await startNode(databaseUrl, environment)];
    db = writerOf(databaseUrl);
    acme = await org(db);
    const port = await freePort();
    url = `http://127.0.0.1:${port}/graphql`;
    nginx = startNginx(directory, sampleFor(port, nodes));
    await untilItListens(url);
  }, 60_000);
  afterAll(async () => {
    const gone = new Promise((resolve) => nginx.once('exit', resolve));
    nginx.kill('SIGTERM');
    await gone;
    for (const node of nodes) await node.stop();
    await db.close();
    rmSync(directory, { recursive: true, force: true });
  }, 60_000);

  const work = async () => {
    const { position } = await createTask(db, await acme.viewer(), { title: 'Call' });
    return position;
  };
  const sockets = () => nodes.map((node) => node.server.connections().webSockets);
  const health = () => fetch(new URL('/health/ready', url)).then(({ status }) => status);

  test('sockets are shared out evenly, and nothing but the API is to be seen', async () => {
    const token = acme.token;
    const streams = Array.from({ length: 4 }, () => subscribe(url, WATCH, {}, { token }));
    await expect.poll(sockets, SOON).toEqual([2, 2]);
    const begun = async () => {
      await work();
      return streams.every((stream) => stream.waiting() > 0);
    };
    await expect.poll(begun, SOON).toBe(true);
    for (const stream of streams) await stream.close();
    expect(await health()).toBe(404);
  });

  test('screens of an organization meet on one node when the proxy goes by its name', async () => {
    const other = mkdtempSync(path.join(tmpdir(), 'muster-nginx-'));
    const port = await freePort();
    const child = startNginx(other, byOrganization(sampleFor(port, nodes)));
    const base = `http://127.0.0.1:${port}/graphql`;
    await untilItListens(base);
    const { token } = acme;
    const places: number[][] = [];
    for (let number = 0; number < 16; number += 1) {
      const at = `${base}?organization=acme-${number}`;
      const streams = Array.from({ length: 3 }, () => subscribe(at, WATCH, {}, { token }));
      await expect.poll(() => sockets().reduce((sum, count) => sum + count), SOON).toBe(3);
      places.push(sockets());
      const answer = await ask(at, '{ viewer { kind } }', {}, { token });
      expect(answer.status).toBe(200);
      for (const stream of streams) await stream.close();
      await expect.poll(sockets, SOON).toEqual([0, 0]);
    }
    // Each on one, and not all on the same.
    const [first, second] = [
      [3, 0],
      [0, 3],
    ].map((place) => JSON.stringify(place));
    expect(new Set(places.map((place) => JSON.stringify(place)))).toEqual(new Set([first, second]));
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await gone;
    rmSync(other, { recursive: true, force: true });
  }, 60_000);

  test('server-sent events arrive one by one', async () => {
    const stream = subscribe(url, WATCH, {}, { token: acme.token, over: 'sse' });
    const begun = async () => {
      await work();
      return stream.waiting();
    };
    await expect.poll(begun, SOON).toBeGreaterThan(0);
    while (stream.waiting() > 0) await stream.next();
    for (let count = 0; count < 3; count += 1) {
      await work();
      // Would wait for a full buffer if there was one.
      expect((await stream.next(10_000)).data).toMatchObject({ taskEvents: { taskVersion: 1 } });
    }
    await stream.close();
  });

  test('a node that stops closes with 1012; its screens go on at the other one, and queries too', async () => {
    const codes: number[] = [];
    const seen: string[][] = [];
    const clients = Array.from({ length: 6 }, (_, index) => {
      seen[index] = [];
      const client = createClient({
        url: url.replace('http', 'ws'),
        webSocketImpl: WebSocket,
        connectionParams: { authorization: `Bearer ${acme.token}` },
        retryAttempts: 20,
        shouldRetry: () => true,
        retryWait: () => new Promise((resolve) => setTimeout(resolve, 50)),
        on: { closed: (event) => codes.push((event as { code: number }).code) },
      });
      client.subscribe<{ taskEvents: { cursor: string } }>(
        { query: WATCH },
        {
          next: ({ data }) => seen[index]?.push(data?.taskEvents.cursor ?? ''),
          error: () => {},
          complete: () => {},
        },
      );
      return client;
    });
    const [first, second] = nodes;
    await expect.poll(() => sockets().reduce((sum, count) => sum + count), SOON).toBe(6);
    const leaving = sockets()[0] ?? 0;
    expect(leaving).toBeGreaterThan(0);
    let failed = 0;
    let isStopping = true;
    const stopped = first?.stop().finally(() => {
      isStopping = false;
    });
    while (isStopping) {
      const answer = await ask(url, '{ viewer { kind } }', {}, { token: acme.token });
      if (answer.status !== 200) failed += 1;
    }
    await stopped;
    expect(failed).toBe(0);
    await expect.poll(() => second?.server.connections().webSockets, SOON).toBe(6);
    expect(codes).toEqual(Array.from({ length: leaving }, () => 1012));
    await expect
      .poll(async () => {
        await work();
        return seen.every((cursors) => cursors.length > 0);
      }, SOON)
      .toBe(true);
    for (const client of clients) await client.dispose();
  }, 60_000);
});
