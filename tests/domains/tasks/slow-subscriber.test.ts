// A subscriber that does not read, over a real socket whose buffers are full.
import { once } from 'node:events';
import { expect, test } from 'vitest';
import WebSocket from 'ws';
import { updateTask } from '../../../src/domains/tasks/service.ts';
import { liveCounts } from '../../../src/live/counts.ts';
import { testApp } from '../../support/app.ts';
import { figuresOf, METRICS_TOKEN } from '../../support/figures.ts';
import { newTask, twoTeams } from './world.ts';

const muster = await testApp({ environment: { MAILBOX_SIZE: '5', METRICS_TOKEN } });
const WRITES = 40;

// With ten thousand characters of three bytes under each alias an event weighs 600 KB: a dozen fill what the kernel holds.
const HEAVY = `subscription {
  taskEvents {
    __typename
    cursor
    taskVersion
    ... on TaskStreamReset { reason }
    task { ${Array.from({ length: 20 }, (_, index) => `d${index}: description`).join(' ')} }
  }
}`;

interface Told {
  __typename: string;
  taskVersion: number | null;
  reason?: string;
}

test('is reset once and follows on, and delays nobody', async () => {
  const { db } = muster.app;
  const { north } = await twoTeams(db);
  const rep = await north.rep.viewer();
  const id = await newTask(db, rep, { description: '跟'.repeat(10_000) });

  const told: Told[] = [];
  const socket = new WebSocket(muster.url.replace('http', 'ws'), 'graphql-transport-ws');
  const send = (message: object) => socket.send(JSON.stringify(message));
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString());
    if (message.type === 'connection_ack') {
      send({ id: 'slow', type: 'subscribe', payload: { query: HEAVY } });
    }
    if (message.type === 'next') told.push(message.payload.data.taskEvents);
  });
  await once(socket, 'open');
  send({ type: 'connection_init', payload: { authorization: `Bearer ${north.rep.token}` } });
  const quick = muster.subscribe<{ taskEvents: Told }>(
    'subscription { taskEvents { __typename taskVersion } }',
    {},
    { token: north.rep.token },
  );

  await expect.poll(() => liveCounts().mailboxes, { timeout: 10_000 }).toBe(2);

  let version = 1;
  const write = async () => {
    const priority = version % 2 === 0 ? 'LOW' : 'HIGH';
    ({ version } = await updateTask(db, rep, { id, expectedVersion: version, priority }));
  };
  await write();
  expect((await quick.next()).data?.taskEvents.taskVersion).toBe(version);
  await expect.poll(() => told.length, { timeout: 5_000 }).toBe(1);

  socket.pause();
  for (let count = 0; count < WRITES; count += 1) {
    await write();
    // The one who reads has each change before the next is made.
    expect((await quick.next()).data?.taskEvents.taskVersion).toBe(version);
  }
  const meanwhile = await figuresOf(muster.url);
  expect(meanwhile.get('muster_sockets_behind')).toBe(1);
  expect(meanwhile.get('muster_unsent_bytes')).toBeGreaterThan(0);
  expect(meanwhile.get('muster_mailbox_deepest')).toBeGreaterThan(0);
  expect(meanwhile.get('muster_updates_reset_total{reason="mailbox_full"}')).toBeGreaterThan(0);
  socket.resume();

  const resets = () => told.filter(({ __typename }) => __typename === 'TaskStreamReset');
  await expect.poll(() => resets().length, { timeout: 10_000 }).toBe(1);
  expect(resets()[0]?.reason).toBe('MAILBOX_FULL');
  await write();
  await expect.poll(() => told.at(-1)?.taskVersion, { timeout: 10_000 }).toBe(version);

  const versions = told.flatMap(({ taskVersion }) => taskVersion ?? []);
  expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
  expect(versions.length).toBeLessThan(WRITES);
  expect(resets()).toHaveLength(1);
  socket.terminate();
  await quick.close();
}, 60_000);
