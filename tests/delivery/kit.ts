import { describe, expect, test } from 'vitest';
import type { Transport } from '../support/client.ts';
import { startProxy } from '../support/proxy.ts';
import type { DeliveryAdapter } from './adapter.ts';
import { Collector } from './collector.ts';

/** Nothing here is about speed. */
const PATIENCE = { timeout: 30_000 };
const TEST = { timeout: 90_000 };

/**
 * What a server that promises "at least once, in order" must do, seen from outside by a plain client. Call it at the
 * top level of a test file; `adapterOf` is asked once a test.
 */
export function checkDelivery(name: string, adapterOf: () => DeliveryAdapter): void {
  describe.each<Transport>(['websocket', 'sse'])(`${name}, over %s`, TEST, (over) => {
    test('order and no loss: everything comes once, in the order of commits, on every node', async () => {
      const adapter = adapterOf();
      const since = await adapter.position();
      const collectors = adapter.urls.map((url) => new Collector(adapter, over, { since, url }));
      const made = await changes(adapter, 60);
      for (const collector of collectors) {
        await collector.until(made.length);
        await collector.close();
        expect(collector.keys).toEqual(made);
      }
    });

    test('resume: any cursor goes on with exactly what came after it, on any node', async () => {
      const adapter = adapterOf();
      const since = await adapter.position();
      const made = await changes(adapter, 12);
      const whole = new Collector(adapter, over, { since });
      await whole.until(made.length);
      await whole.close();
      for (const at of [0, 5, 10]) {
        const cursor = whole.items[at]?.cursor ?? '';
        const url = adapter.urls[at % adapter.urls.length];
        const rest = new Collector(adapter, over, { since: cursor, url });
        await rest.until(made.length - at - 1);
        await rest.close();
        expect(rest.keys).toEqual(made.slice(at + 1));
      }
    });

    test('overlap: what happens while the past is replayed comes after it, without gap or double', async () => {
      const adapter = adapterOf();
      const since = await adapter.position();
      const past = await changes(adapter, 40);
      const making = changes(adapter, 60);
      const collectors = Array.from(
        { length: 6 },
        (_, at) =>
          new Collector(adapter, over, { since, url: adapter.urls[at % adapter.urls.length] }),
      );
      const made = [...past, ...(await making)];
      for (const collector of collectors) {
        await collector.until(made.length);
        await collector.close();
        expect(collector.keys).toEqual(made);
      }
    });

    test('breaks: a client that resumes after each of many breaks has everything, each in its place', async () => {
      const adapter = adapterOf();
      let since = await adapter.position();
      const making = changes(adapter, 80);
      const keys: (string | null)[] = [];
      for (let round = 0; round < 6; round += 1) {
        const url = adapter.urls[round % adapter.urls.length];
        const collector = new Collector(adapter, over, { since, url });
        await collector.until(round === 5 ? 80 - keys.length : 5);
        await collector.close();
        keys.push(...collector.keys);
        since = collector.cursor;
      }
      expect(keys).toEqual(await making);
    });

    test('a slow consumer is told by a reset what it lost, and nobody else notices', async () => {
      const adapter = adapterOf();
      const since = await adapter.position();
      const proxy = await startProxy(adapter.urls[0] ?? '');
      const document = adapter.heavyDocument;
      const slow = new Collector(adapter, over, { since, url: proxy.url, document });
      const quick = new Collector(adapter, over, { since });
      const [first] = await changes(adapter, 1);
      await slow.until(1);
      proxy.freeze();
      const heavy = await changes(adapter, 40, true);
      const rest = [...heavy, ...(await changes(adapter, adapter.mailbox + 20))];
      await quick.until(rest.length + 1);
      expect(quick.keys).toEqual([first, ...rest]);
      proxy.thaw();
      const last = await changes(adapter, 1);
      await expect.poll(() => slow.keys.at(-1), PATIENCE).toBe(last[0]);
      // What had gone out before the buffers were full has come; where something is missing there stands a reset.
      expect(slow.items.some(({ reset }) => reset !== null)).toBe(true);
      checkGaps(slow, [first ?? '', ...rest, ...last]);
      await slow.close();
      await quick.close();
      await proxy.close();
    });

    test('revocation: what happens after it is not told, and the stream ends', async () => {
      const adapter = adapterOf();
      const { token, revoke } = await adapter.passing();
      const since = await adapter.position();
      const theirs = new Collector(adapter, over, { since, token });
      const ours = new Collector(adapter, over, { since });
      const before = await changes(adapter, 1);
      await theirs.until(1);
      await revoke();
      const after = await changes(adapter, 2);
      await ours.until(3);
      await expect.poll(() => theirs.isOver, PATIENCE).toBe(true);
      expect(theirs.keys).toEqual(before);
      expect(ours.keys).toEqual([...before, ...after]);
      const again = new Collector(adapter, over, { since, token });
      await expect.poll(() => again.isOver, PATIENCE).toBe(true);
      expect(again.items).toEqual([]);
      for (const collector of [theirs, ours, again]) await collector.close();
    });

    test('expiry: a stream ends with its token, though nothing happens in it', async () => {
      const adapter = adapterOf();
      const since = await adapter.position();
      const token = await adapter.expiring();
      const theirs = new Collector(adapter, over, { since, token });
      const ours = new Collector(adapter, over, { since });
      const before = await changes(adapter, 1);
      await theirs.until(1);
      await expect.poll(() => theirs.isOver, PATIENCE).toBe(true);
      const after = await changes(adapter, 1);
      await ours.until(2);
      expect(theirs.keys).toEqual(before);
      expect(ours.keys).toEqual([...before, ...after]);
      for (const collector of [theirs, ours]) await collector.close();
    });

    test('drain: a node that stops sends its clients away, who miss nothing elsewhere', async () => {
      const adapter = adapterOf();
      const since = await adapter.position();
      const open = () => adapter.urls.map((url) => new Collector(adapter, over, { since, url }));
      const [leaving, ...staying] = open();
      if (!leaving) throw new Error('there is no node');
      const making = changes(adapter, 60);
      await leaving.until(5);
      await adapter.replace(0, async () => {
        await expect.poll(() => leaving.end, PATIENCE).not.toBe('');
        await changes(adapter, 1);
      });
      // Whoever is told "complete" would not come again.
      expect(leaving.end).toMatch(over === 'websocket' ? /^closed with 1012\b/ : /^(?!completed)/);
      await making;
      const whole = new Collector(adapter, over, { since });
      await whole.until(61);
      const cursor = leaving.cursor;
      const [url] = adapter.urls.slice(-1);
      const rest = new Collector(adapter, over, { since: cursor, url });
      await rest.until(61 - leaving.items.length);
      expect([...leaving.keys, ...rest.keys]).toEqual(whole.keys);
      for (const collector of staying) {
        await collector.until(61);
        expect(collector.keys).toEqual(whole.keys);
      }
      for (const collector of [leaving, rest, whole, ...staying]) await collector.close();
    });
  });
}

async function changes(
  adapter: DeliveryAdapter,
  count: number,
  isHeavy = false,
): Promise<string[]> {
  const made: string[] = [];
  for (let n = 0; n < count; n += 1) made.push(await adapter.change(isHeavy));
  return made;
}

/** Between two items that do not follow on each other there is a reset, and nothing comes out of order or twice. */
function checkGaps({ items }: Collector, made: readonly string[]): void {
  let next = 0;
  let mayJump = false;
  for (const { key, reset } of items) {
    if (reset !== null) {
      mayJump = true;
      continue;
    }
    const at = made.indexOf(key ?? '');
    expect(at).toBeGreaterThanOrEqual(next);
    if (!mayJump) expect(at).toBe(next);
    next = at + 1;
    mayJump = false;
  }
  expect(next).toBe(made.length);
}
