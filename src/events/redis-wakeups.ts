import { Redis } from 'ioredis';
import { readWakeups, WakeupBatch } from './wakeup-batch.ts';
import type { WakeupListener, Wakeups } from './wakeups.ts';

const CHANNEL = 'muster:wakeups';

/**
 * Wake-ups by Redis (7 or later) or Valkey publish and subscribe. Redis holds nothing of ours: stopped, flushed or cut
 * off, updates arrive later by a poll, and none is lost.
 */
export function redisWakeups(url: string, onError: (error: unknown) => void): Wakeups {
  const listeners = new Set<WakeupListener>();
  const options = {
    lazyConnect: true,
    // Whoever only listens would not notice that the other side has gone without a word.
    keepAlive: 10_000,
    // A hint that cannot be sent at once is worth nothing later.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt: number) => Math.min(2_000, 50 * 2 ** Math.min(attempt, 6)),
  };
  const publisher = new Redis(url, options);
  // ioredis would leave the failure of its own resubscription to nobody, which ends the process.
  const subscriber = new Redis(url, { ...options, autoResubscribe: false });
  for (const redis of [publisher, subscriber]) redis.on('error', onError);
  let isSubscribed = false;
  subscriber.on('ready', () => {
    subscriber.subscribe(CHANNEL).then(() => {
      isSubscribed = true;
    }, onError);
  });
  subscriber.on('close', () => {
    isSubscribed = false;
  });
  subscriber.on('message', (_channel: string, payload: string) => {
    for (const [organizationId, position] of readWakeups(payload)) {
      for (const listener of listeners) listener(organizationId, position);
    }
  });
  const batch = new WakeupBatch((payload) => {
    if (publisher.status === 'ready') publisher.publish(CHANNEL, payload).catch(onError);
  });
  return {
    async start() {
      for (const redis of [publisher, subscriber]) redis.connect().catch(onError);
    },
    async stop() {
      batch.close();
      for (const redis of [publisher, subscriber]) redis.disconnect();
    },
    isConnected: () => isSubscribed && publisher.status === 'ready',
    publish: (organizationId, position) => batch.add(organizationId, position),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
