import { setTimeout as sleep } from 'node:timers/promises';
import { openDoor } from './door.ts';
import { BROKEN_MS, type Fault } from './fault.ts';
import { until } from './patience.ts';
import { REDIS_FAULTS } from './redis-faults.ts';
import { stormed } from './storm.ts';

const killed: Fault = {
  name: 'kill -9 of a node',
  breaksScreens: true,
  async happen(world) {
    const { size, random, posts } = world;
    for (let round = 0; round < size.kills; round += 1) {
      await world.breathe();
      const post = random.pick(posts);
      await post.node.kill();
      await sleep(BROKEN_MS);
      await world.startNode(post);
    }
    return `${size.kills} rounds`;
  },
};

/** Longer than a stream tries again by itself, so that streams end and clients have to come again. */
const LONG_OUTAGE_MS = 5_000;

const databaseStopped: Fault = {
  name: 'PostgreSQL stopped immediately, and restarted',
  async happen(world) {
    const { postgres, posts } = world;
    for (const outage of [0, LONG_OUTAGE_MS]) {
      await world.breathe();
      await postgres.stopImmediately();
      await sleep(outage);
      await postgres.start();
    }
    for (const { node } of posts) await until(`${node.name} is ready again`, () => node.isReady());
    return `away at once and for ${LONG_OUTAGE_MS / 1_000} s`;
  },
};

const databaseSilent: Fault = {
  name: 'PostgreSQL cut off from one node without a word',
  breaksScreens: true,
  async happen(world) {
    const post = world.random.pick(world.posts);
    const url = new URL(world.databaseUrl);
    const port = Number(url.port);
    const door = await openDoor(() => [port]);
    // The node keeps it until it is restarted for another reason.
    world.doors.push(door);
    url.port = String(door.port);
    await post.node.kill();
    await world.startNode(post, { DATABASE_URL: url.href });
    // Its clients come back to it.
    for (const { door: front } of world.posts) front.cut();
    await world.breathe();
    const swallowed = door.swallow();
    if (swallowed === 0) throw new Error('The node had no connection.');
    await sleep(BROKEN_MS);
    await world.writers.stop();
    // By the same node, which has to find out by itself that nobody answers.
    const left = await world.untilEverythingIsShown();
    if (left > 0) throw new Error(`${left} updates did not come while the node lived.`);
    return `${swallowed} connections half-open`;
  },
};

const listenersTerminated: Fault = {
  name: 'pg_terminate_backend on the listeners',
  async happen(world) {
    let ended = 0;
    for (let round = 0; round < 3; round += 1) {
      await world.breathe();
      const { rows } = await world.db.pool.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'muster wake-ups'`,
      );
      ended += rows.length;
    }
    if (ended === 0) throw new Error('Nobody was listening.');
    return `${ended} ended`;
  },
};

const halfOpen: Fault = {
  name: 'half-open sockets',
  breaksScreens: true,
  async happen(world) {
    await world.breathe();
    const { door } = world.random.pick(world.posts);
    const swallowed = door.swallow();
    await sleep(BROKEN_MS);
    return `${swallowed} connections`;
  },
};

const frozen: Fault = {
  name: 'frozen clients',
  async happen(world) {
    const { random, posts, size } = world;
    await world.breathe();
    const { door } = random.pick(posts);
    const count = door.freeze();
    await sleep(size.freezeMs);
    door.thaw();
    return `${count} connections for ${size.freezeMs / 1_000} s`;
  },
};

const movedOver: Fault = {
  name: 'reconnection to the other node',
  breaksScreens: true,
  async happen(world) {
    for (const isCrossed of [true, false]) {
      await world.breathe();
      for (const post of world.posts) {
        post.isCrossed = isCrossed;
        post.door.cut();
      }
    }
    await world.breathe();
    return 'there and back';
  },
};

const rolled: Fault = {
  name: 'a rolling restart of both nodes',
  breaksScreens: true,
  async happen(world) {
    if (world.redis) world.wakeup = 'redis';
    for (const post of world.posts) {
      await world.breathe();
      const status = await post.node.terminate();
      if (status !== 0) throw new Error(`${post.node.name} ended with ${status}.`);
      await world.startNode(post);
    }
    return world.redis ? 'from PostgreSQL to Redis for wake-ups' : 'as they were';
  },
};

export const FAULTS: readonly Fault[] = [
  killed,
  databaseStopped,
  databaseSilent,
  listenersTerminated,
  halfOpen,
  frozen,
  movedOver,
  rolled,
  ...REDIS_FAULTS,
  stormed,
];
