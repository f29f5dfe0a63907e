import { expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { org } from '../support/seed.ts';

const muster = await testApp({ environment: { METRICS_TOKEN: 'a-long-enough-secret' } });
const closed = await testApp();

const scrape = (url: string, token?: string) =>
  fetch(new URL('/metrics', url), { headers: token ? { authorization: `Bearer ${token}` } : {} });

test('the figures of a node are there for whoever brings the token, and hold nothing of anybody', async () => {
  const acme = await org(muster.app.db, { name: 'Secret Company' });
  await muster.expectData('{ viewer { organization { name } } }', {}, { token: acme.token });
  await muster.query('{ viewer { kind } }');
  const stream = muster.subscribe(
    'subscription { taskEvents { cursor } }',
    {},
    { token: acme.token },
  );
  await expect.poll(() => muster.app.feed.counts().listeners).toBe(1);
  const response = await scrape(muster.url, 'a-long-enough-secret');
  expect(response.status).toBe(200);
  const text = await response.text();
  expect(text).toMatch(/^muster_sockets 1$/m);
  expect(text).toMatch(/^muster_feed_listeners 1$/m);
  expect(text).toMatch(/^muster_feed_lag_events 0$/m);
  expect(text).toMatch(/^muster_operation_seconds_count\{type="query",outcome="ok"\} 1$/m);
  expect(text).toMatch(/^muster_operation_seconds_count\{type="query",outcome="errors"\} 1$/m);
  expect(text).toMatch(/^nodejs_eventloop_lag_seconds /m);
  expect(text).not.toContain('Secret');
  expect(text).not.toContain(acme.organizationId);
  await stream.close();
});

test('without the token, or where none is set, there is nothing to see', async () => {
  expect((await scrape(muster.url)).status).toBe(401);
  expect((await scrape(muster.url, 'a wrong secret')).status).toBe(401);
  expect((await scrape(closed.url, 'a-long-enough-secret')).status).not.toBe(200);
});
