import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { clientOf, clientWorld, followTasks, makeTask, titles } from './world.ts';

const world = await clientWorld();
const LIVE = { timeout: 8_000 };

/** About a hundred a second, until told to stop. */
function keepMaking(prefix: string) {
  const made: string[] = [];
  let isOver = false;
  const making = (async () => {
    while (!isOver) {
      made.push(await makeTask(world, `${prefix} ${made.length}`));
      await sleep(4);
    }
  })();
  return {
    made,
    async stop() {
      isOver = true;
      await making;
      return made;
    },
  };
}

describe.each(['websocket', 'sse'] as const)('over %s', (transport) => {
  test('through cuts and a restart on the same port, everything is shown once and in order', async () => {
    const screen = await followTasks(clientOf(world, { transport, quietMs: 50 }));
    await expect.poll(() => screen.subscription.status.kind, LIVE).toBe('live');
    const maker = keepMaking(`${transport} event`);
    for (let cut = 0; cut < 4; cut += 1) {
      const seen = screen.events.length;
      await expect.poll(() => screen.events.length, LIVE).toBeGreaterThan(seen + 10);
      world.proxy.cut();
    }
    await world.replace();
    const seen = screen.events.length;
    await expect.poll(() => screen.events.length, LIVE).toBeGreaterThan(seen + 10);
    const made = await maker.stop();
    await expect
      .poll(() => [screen.subscription.status.kind, screen.events.length], LIVE)
      .toEqual(['live', made.length]);
    expect(titles(screen)).toEqual(made);
    expect(screen.resets).toEqual([]);
    screen.subscription.close();
  });

  test('the statuses tell the story in order', async () => {
    const screen = await followTasks(clientOf(world, { transport, quietMs: 50 }));
    await expect.poll(() => screen.subscription.status.kind, LIVE).toBe('live');
    const before = Date.now();
    await world.replace({}, () => makeTask(world, 'while away'));
    await expect.poll(() => titles(screen), LIVE).toEqual(['while away']);
    await expect.poll(() => screen.subscription.status.kind, LIVE).toBe('live');
    screen.subscription.close();
    screen.subscription.close();
    expect(screen.statuses.map(({ kind }) => kind)).toEqual([
      ...['catching up', 'live', 'stale', 'catching up', 'live', 'ended'],
    ]);
    const stale = screen.statuses[2];
    const since = stale?.kind === 'stale' ? stale.since?.getTime() : null;
    expect(since).toBeGreaterThan(before - 15_000);
    expect(since).toBeLessThanOrEqual(Date.now());
    expect(screen.statuses.at(-1)).toEqual({ kind: 'ended', error: null });
  });

  test('a peer that falls silent without closing is left, and nothing is lost', async () => {
    const screen = await followTasks(clientOf(world, { transport, quietMs: 50, silenceMs: 2_000 }));
    await expect.poll(() => screen.subscription.status.kind, LIVE).toBe('live');
    world.proxy.freeze();
    await makeTask(world, `${transport} unheard`);
    await expect.poll(() => screen.subscription.status.kind, LIVE).toBe('stale');
    world.proxy.thaw();
    await expect.poll(() => titles(screen), LIVE).toEqual([`${transport} unheard`]);
  });

  test('where the server cannot follow on, it resets, and goes on', async () => {
    const screen = await followTasks(clientOf(world, { transport, quietMs: 50 }));
    await expect.poll(() => screen.subscription.status.kind, LIVE).toBe('live');
    await makeTask(world, `${transport} known`);
    await expect.poll(() => titles(screen).at(-1), LIVE).toBe(`${transport} known`);
    const known = screen.events.length;
    await world.replace({ RESUME_WINDOW_EVENTS: '2' }, async () => {
      for (const n of [1, 2, 3]) await makeTask(world, `${transport} missed ${n}`);
    });
    await expect.poll(() => screen.resets, LIVE).toEqual(['CURSOR_TOO_OLD']);
    await makeTask(world, `${transport} after`);
    await expect.poll(() => titles(screen).at(-1), LIVE).toBe(`${transport} after`);
    expect(screen.events).toHaveLength(known + 1);
    await world.replace();
  });
});
