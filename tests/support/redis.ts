import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { watchOver } from '../../src/database/embedded-process.ts';

/** A Redis or Valkey of a test's own, which keeps nothing. */
export interface TestRedis {
  readonly port: number;
  /** Forgets everything that it holds. */
  flush(): Promise<void>;
  /** How many listen to a channel. */
  listeners(channel: string): Promise<number>;
  /** Ends it without a word. */
  stop(): Promise<void>;
  /** Again, on the same port. */
  start(): Promise<void>;
}

export const NO_REDIS = 'there is neither redis-server nor valkey-server on PATH';

const PROGRAMS = ['redis-server', 'valkey-server'];

/** The program to run; null where there is none. */
export function findRedis(): string | null {
  return PROGRAMS.find((program) => spawnSync(program, ['--version']).status === 0) ?? null;
}

export async function startRedis(program: string): Promise<TestRedis> {
  const port = await freePort();
  let end = async () => {};
  const start = async () => {
    const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', '/tmp'];
    const child = spawn(program, settings, { stdio: 'ignore', detached: true });
    child.unref();
    const watch = watchOver(child.pid ?? 0, null);
    end = async () => {
      child.ref();
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      watch.release();
    };
    await ask(port, (redis) => redis.ping());
  };
  await start();
  return {
    port,
    start,
    stop: () => end(),
    async flush() {
      await ask(port, (redis) => redis.flushall());
    },
    async listeners(channel) {
      const [, count] = await ask(port, (redis) => redis.pubsub('NUMSUB', channel));
      return Number(count);
    },
  };
}

/** Where a Redis answers that tests may send hints through: REDIS_URL, the customary port; null: nowhere. */
export async function answeringRedis(): Promise<string | null> {
  for (const url of [process.env.REDIS_URL, 'redis://127.0.0.1:6379']) {
    if (!url) continue;
    const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
    redis.on('error', () => {});
    try {
      await redis.connect();
      await redis.ping();
      return url;
    } catch {
      // The next one, perhaps.
    } finally {
      redis.disconnect();
    }
  }
  return null;
}

async function ask<Result>(
  port: number,
  question: (redis: Redis) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    const redis = new Redis(port, '127.0.0.1', { lazyConnect: true, retryStrategy: () => null });
    redis.on('error', () => {});
    try {
      await redis.connect();
      return await question(redis);
    } catch (error) {
      if (attempt === 200) throw error;
      await sleep(50);
    } finally {
      redis.disconnect();
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}
