import { afterAll, describe, test } from 'vitest';
import { answeringRedis, findRedis, NO_REDIS, startRedis } from '../support/redis.ts';
import { checkDelivery } from './kit.ts';
import { musterAdapter } from './muster.ts';

const program = findRedis();
const own = program ? await startRedis(program) : null;
const url = own ? `redis://127.0.0.1:${own.port}` : await answeringRedis();
afterAll(() => own?.stop());

if (url) {
  const adapter = await musterAdapter(2, { WAKEUP: 'redis', REDIS_URL: url });
  checkDelivery('two nodes that wake each other through Redis', () => adapter);
} else {
  console.log(`skipped: delivery through Redis, as none answers and ${NO_REDIS}`);
  describe('two nodes that wake each other through Redis', () => {
    test.skip(NO_REDIS, () => {});
  });
}
