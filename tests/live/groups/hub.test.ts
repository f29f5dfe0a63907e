import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { liveCounts } from '../../../src/live/counts.ts';
import { type Screen, World } from './world.ts';

let world: World;
beforeEach(() => {
  world = new World();
  for (const token of ['t', 'u', 'v']) world.rights.set(token, { group: 'a' });
});

const screens: Screen[] = [];
const show = async (token = 't', place: unknown = null): Promise<Screen> => {
  const screen = await world.show(token, place);
  screens.push(screen);
  return screen;
};
const numbers = ({ shown }: Screen) => shown.map(({ n }) => n);
const froms = ({ shown }: Screen) => shown.map(({ from }) => from);
const poll = (read: () => unknown) => expect.poll(read, { interval: 1 });

/** No group, no member, no mailbox, no timer, no listener is left after any of these. */
afterEach(async () => {
  for (const { member } of screens.splice(0)) member.leave();
  expect(world.hub.counts()).toMatchObject({ groups: 0, sources: 0, members: 0, largest: 0 });
  await poll(() => world.counts.open).toBe(0);
  await poll(() => world.listeners.size).toBe(0);
  expect(liveCounts()).toEqual({ mailboxes: 0, timers: 0 });
});

describe('joining', () => {
  test('many at once open one source and read each token once', async () => {
    const all = await Promise.all(Array.from({ length: 1_000 }, (_, n) => show(n % 2 ? 't' : 'u')));
    expect(world.counts).toMatchObject({ opened: 1, reads: 2 });
    world.turn();
    await poll(() => all.every(({ shown }) => shown.length === 1)).toBe(true);
    expect(world.counts.answers).toBe(1);
    expect(world.hub.counts()).toMatchObject({ groups: 1, members: 1_000, largest: 1_000 });
  });

  test('without rights, or with nothing to share, leaves nothing', async () => {
    world.rights.set('t', null);
    await expect(world.join('t')).rejects.toThrow('t has no rights');
    world.rights.set('u', { group: 'a', isOwn: true });
    expect(await world.join('u')).toBeNull();
    expect(world.counts.opened).toBe(0);
  });

  test('one that leaves while it joins leaves nothing', async () => {
    const screen = await world.join('t');
    screen?.member.leave();
    await expect(screen?.member.ended).resolves.toBeUndefined();
  });

  test('rights that change while it joins are read again before it is shown anything', async () => {
    const first = await show('u');
    world.turn();
    await poll(() => numbers(first)).toEqual([1]);
    world.onRead = () => {
      world.onRead = () => {};
      world.rights.set('t', null);
      world.hear('t');
    };
    const screen = await show('t');
    await expect(screen.member.ended).rejects.toThrow('t has no rights');
    expect(screen.shown).toEqual([]);
  });
});

describe('what a member gets', () => {
  test('is everything when it is quick; the newest, as SKIPPED, when it was slow', async () => {
    const [quick, slow] = [await show(), await show()];
    let ready = () => {};
    slow.busy = new Promise((resolve) => {
      ready = resolve;
    });
    for (const n of [1, 2, 3, 4]) {
      world.turn();
      await poll(() => numbers(quick)).toHaveLength(n);
    }
    slow.busy = null;
    ready();
    await poll(() => numbers(slow)).toEqual([1, 4]);
    world.turn();
    await poll(() => numbers(slow)).toEqual([1, 4, 5]);
    expect(froms(slow)).toEqual([null, 'SKIPPED', null]);
    expect(numbers(quick)).toEqual([1, 2, 3, 4, 5]);
    expect(world.counts.answers).toBe(6);
    expect(world.hub.counts()).toMatchObject({ conflated: 2, skipped: 1, frames: 8 });
  });

  test('one that was slow for one answer only gets the next as it is', async () => {
    const [quick, slow] = [await show(), await show()];
    let ready = () => {};
    slow.busy = new Promise((resolve) => {
      ready = resolve;
    });
    for (const n of [1, 2]) {
      world.turn();
      await poll(() => numbers(quick)).toHaveLength(n);
    }
    slow.busy = null;
    ready();
    await poll(() => numbers(slow)).toEqual([1, 2]);
    expect(froms(slow)).toEqual([null, null]);
  });

  test('who resumes ahead of its group begins there, and is told that it skipped next', async () => {
    const first = await show('t');
    world.turn();
    await poll(() => numbers(first)).toEqual([1]);
    world.onBegin = () => false;
    const ahead = await show('t', 9);
    await poll(() => froms(ahead)).toEqual(['since 9']);
    world.turn();
    await poll(() => froms(ahead)).toEqual(['since 9', 'SKIPPED']);
    world.turn();
    await poll(() => froms(ahead)).toEqual(['since 9', 'SKIPPED', null]);
    expect(froms(first)).toEqual([null, null, null]);
  });

  test('who begins slowly gets all that came meanwhile, in order', async () => {
    const first = await show('t');
    world.turn();
    await poll(() => numbers(first)).toEqual([1]);
    let go = () => {};
    world.onBegin = () =>
      new Promise((resolve) => {
        go = () => resolve(true);
      });
    const slow = await show('t', 0);
    for (const n of [2, 3, 4]) {
      world.turn();
      await poll(() => numbers(first)).toHaveLength(n);
    }
    go();
    await poll(() => numbers(slow)).toEqual([1, 2, 3, 4]);
    expect(froms(slow)).toEqual(['since 0', null, null, null]);
    world.turn();
    await poll(() => numbers(slow)).toEqual([1, 2, 3, 4, 5]);
    expect(world.hub.counts()).toMatchObject({ conflated: 0, skipped: 0 });
  });

  test('a beginning that fails ends only those who wait for it', async () => {
    const first = await show('t');
    world.turn();
    await poll(() => numbers(first)).toEqual([1]);
    world.onBegin = () => Promise.reject(new Error('no database'));
    const failing = await show('t', 1);
    await expect(failing.member.ended).rejects.toThrow('no database');
    world.onBegin = () => true;
    const next = await show('t', 1);
    await poll(() => froms(next)).toEqual(['since 1']);
  });

  test('five changes and the end at once: the newest, then the end', async () => {
    const screen = await show();
    for (let n = 0; n < 5; n += 1) world.turn();
    world.sources.get('a')?.end();
    await screen.member.ended;
    expect(numbers(screen).at(-1)).toBe(5);
  });

  test('a group of 10,000 lets others have their turn while it is handed an answer', async () => {
    const all = await Promise.all(Array.from({ length: 10_000 }, () => show()));
    let turns = 0;
    let isDone = false;
    const count = () => {
      turns += 1;
      if (!isDone) setImmediate(count);
    };
    setImmediate(count);
    world.turn();
    await poll(() => all.every(({ shown }) => shown.length === 1)).toBe(true);
    isDone = true;
    expect(turns).toBeGreaterThan(10_000 / 300);
  });
});

describe('groups of one source', () => {
  beforeEach(() => {
    for (const token of ['t', 'u', 'v'])
      world.rights.set(token, { group: `group of ${token}`, source: 's' });
  });

  test('have its values computed once, and an answer each', async () => {
    const all = await Promise.all(['t', 'u', 'v', 't'].map((token) => show(token)));
    for (const n of [1, 2, 3]) {
      world.turn('s');
      await poll(() => all.every(({ shown }) => shown.length === n)).toBe(true);
    }
    expect(world.counts).toMatchObject({ opened: 1, answers: 9 });
    expect(world.hub.counts()).toMatchObject({ groups: 3, sources: 1, members: 4 });
    for (const screen of all) expect(froms(screen)).toEqual([null, null, null]);
  });

  test('a group that comes late begins with the present state, then follows on', async () => {
    const early = await show('t');
    for (const n of [1, 2]) {
      world.turn('s');
      await poll(() => numbers(early)).toHaveLength(n);
    }
    const late = await show('u');
    await poll(() => numbers(late)).toEqual([2]);
    world.turn('s');
    await poll(() => numbers(late)).toEqual([2, 3]);
    expect(froms(late)).toEqual(['FIRST', null]);
    await poll(() => froms(early)).toEqual([null, null, null]);
    expect(world.counts.opened).toBe(1);
  });

  test('wait for each other, so that none misses anything, but not for ever', async () => {
    const [one, two] = [await show('t'), await show('u')];
    world.turn('s');
    await poll(() => [numbers(one), numbers(two)]).toEqual([[1], [1]]);
    let go = () => {};
    const wait = new Promise<void>((resolve) => {
      go = resolve;
    });
    let answers = 0;
    world.onAnswer = () => {
      answers += 1;
      // The second to be asked takes its time.
      return answers === 2 ? wait : undefined;
    };
    world.turn('s');
    await poll(() => one.shown.length + two.shown.length).toBe(3);
    const [quick, slow] = one.shown.length === 2 ? [one, two] : [two, one];
    world.turn('s');
    world.turn('s');
    await poll(() => numbers(quick)).toEqual([1, 2, 4]);
    world.turn('s');
    await poll(() => numbers(quick)).toEqual([1, 2, 4, 5]);
    go();
    await poll(() => numbers(slow)).toEqual([1, 2, 5]);
    expect(froms(slow)).toEqual([null, null, 'SKIPPED']);
    expect(froms(quick)).toEqual([null, null, null, null]);
  });

  test('end with it, and a failure is told to all', async () => {
    const all = await Promise.all(['t', 'u'].map((token) => show(token)));
    world.turn('s');
    await poll(() => all.every(({ shown }) => shown.length === 1)).toBe(true);
    world.sources.get('s')?.end({ error: new Error('no database') });
    for (const { member } of all) await expect(member.ended).rejects.toThrow('no database');
    expect(world.hub.counts()).toMatchObject({ groups: 0, sources: 0 });
  });
});

describe('rights that change', () => {
  test('of a token with 1,000 screens in two groups are read once', async () => {
    const all = await Promise.all(Array.from({ length: 1_000 }, () => show('t')));
    world.counts.reads = 0;
    world.hear('everybody');
    await poll(() => world.hub.counts().checks).toBe(1_000);
    expect(world.counts.reads).toBe(1);
    world.hear('nobody', 'somebody else');
    world.turn();
    await poll(() => all.every(({ shown }) => shown.length === 1)).toBe(true);
    expect(world.counts.reads).toBe(1);
  });

  test('of one holder are read for its own members only', async () => {
    const [mine, other] = [await show('t'), await show('u')];
    world.counts.reads = 0;
    world.rights.set('t', null);
    world.hear('t');
    await expect(mine.member.ended).rejects.toThrow('t has no rights');
    expect(world.counts.reads).toBe(1);
    world.turn();
    await poll(() => numbers(other)).toEqual([1]);
    expect(mine.shown).toEqual([]);
  });

  test('hold back what is made meanwhile, until they are known', async () => {
    const [mine, other] = [await show('t'), await show('u')];
    let go = () => {};
    const read = new Promise<void>((resolve) => {
      go = resolve;
    });
    world.onRead = () => read;
    world.rights.set('t', null);
    world.hear('everybody');
    world.turn();
    await poll(() => world.counts.answers).toBe(1);
    for (let n = 0; n < 20; n += 1) await new Promise((resolve) => setImmediate(resolve));
    expect([mine.shown, other.shown]).toEqual([[], []]);
    go();
    await poll(() => numbers(other)).toEqual([1]);
    expect(mine.shown).toEqual([]);
  });

  test('without end do not stop the group: what was asked before it is waited for, and no more', async () => {
    const screen = await show('t');
    world.onRead = () =>
      new Promise((resolve) => {
        setImmediate(() => {
          world.hear('everybody');
          resolve();
        });
      });
    world.hear('everybody');
    for (const n of [1, 2, 3]) {
      world.turn();
      await poll(() => numbers(screen)).toHaveLength(n);
    }
    world.onRead = () => {};
  });

  test('move a member to another group, where it gets the state anew, and close the one it left', async () => {
    const [mover, stayer] = [await show('t'), await show('u')];
    world.turn();
    await poll(() => numbers(mover)).toEqual([1]);
    world.rights.set('t', { group: 'b' });
    world.hear('t');
    await poll(() => world.hub.counts().groups).toBe(2);
    const there = world.turn('b');
    await poll(() => numbers(mover)).toEqual([1, there]);
    expect(froms(mover)).toEqual([null, 'RIGHTS_CHANGED']);
    world.turn('a');
    await poll(() => numbers(stayer)).toHaveLength(2);
    expect(numbers(mover)).toEqual([1, there]);
    world.rights.set('u', { group: 'b' });
    world.hear('u');
    await poll(() => froms(stayer).at(-1)).toBe('RIGHTS_CHANGED');
    expect(world.hub.counts()).toMatchObject({ groups: 1, members: 2, rightsChanged: 2 });
    await poll(() => world.counts.open).toBe(1);
  });

  test('between beginning and being shown it: nothing is shown', async () => {
    const first = await show('u');
    world.turn();
    await poll(() => numbers(first)).toEqual([1]);
    world.onBegin = () => {
      world.rights.set('t', null);
      world.hear('t');
      return true;
    };
    const resumer = await show('t', 1);
    await expect(resumer.member.ended).rejects.toThrow('t has no rights');
    expect(resumer.shown).toEqual([]);
  });
});

describe('a token that expires', () => {
  test('ends its members in time, also when nothing happens', async () => {
    world.rights.set('t', { group: 'a', endsAt: Date.now() + 300 });
    const [mine, other] = [await show('t'), await show('u')];
    expect(liveCounts().timers).toBe(1);
    await expect(mine.member.ended).rejects.toThrow('t has no rights');
    expect(Date.now()).toBeGreaterThanOrEqual(world.rights.get('t')?.endsAt ?? 0);
    expect(other.member.isOver).toBe(false);
    expect(liveCounts().timers).toBe(0);
  });

  test('gets nothing that is made after that, by the clock of the database', async () => {
    world.rights.set('t', { group: 'a', endsAt: Date.now() + 3_600_000 });
    const [mine, other] = [await show('t'), await show('u')];
    world.turn();
    await poll(() => numbers(mine)).toEqual([1]);
    world.clock.shiftMs = 3_600_001;
    world.turn();
    await poll(() => numbers(other)).toEqual([1, 2]);
    expect(mine.member.isOver).toBe(true);
    expect(numbers(mine)).toEqual([1]);
  });

  test('that the database takes for valid a while longer is asked about again, now and then', async () => {
    world.lagMs = 350;
    world.rights.set('t', { group: 'a', endsAt: Date.now() + 50 });
    const screen = await show('t');
    world.counts.reads = 0;
    await expect(screen.member.ended).rejects.toThrow('t has no rights');
    expect(world.counts.reads).toBeGreaterThan(1);
    expect(world.counts.reads).toBeLessThan(8);
  });
});
