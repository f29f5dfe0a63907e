import { NO_REDIS } from '../support/redis.ts';
import type { Fault } from './fault.ts';
import type { World } from './world.ts';

const skip = ({ redis }: World) => (redis ? null : NO_REDIS);

const flushed: Fault = {
  name: 'Redis flushed, stopped and restarted',
  skip,
  async happen(world) {
    const { redis } = world;
    await world.untilRedisCarries();
    await world.breathe();
    await redis?.flush();
    await world.breathe();
    await redis?.stop();
    await world.breathe();
    await redis?.start();
    await world.untilRedisCarries();
    return 'and it carries wake-ups again';
  },
};

const cutOff: Fault = {
  name: 'Redis cut off from one node',
  skip,
  async happen(world) {
    await world.untilRedisCarries();
    const { redisDoor } = world.random.pick(world.posts);
    redisDoor?.shut(true);
    redisDoor?.cut();
    await world.breathe();
    redisDoor?.shut(false);
    await world.untilRedisCarries();
    // The other way to be cut off: nobody says so.
    const swallowed = redisDoor?.swallow() ?? 0;
    await world.breathe();
    redisDoor?.cut();
    await world.untilRedisCarries();
    return `refused, then ${swallowed} connections half-open`;
  },
};

export const REDIS_FAULTS: readonly Fault[] = [flushed, cutOff];
