import { afterEach, expect, test } from 'vitest';
import { liveCounts } from '../../src/live/counts.ts';
import { history, Mailbox, mailboxFigures, state } from '../../src/live/mailbox.ts';

afterEach(() => expect(liveCounts()).toEqual({ mailboxes: 0, timers: 0 }));

const DONE = { value: undefined, done: true };

test('keeps what it is offered before the first next()', async () => {
  const mailbox = new Mailbox<number>(history(10, (newest) => newest));
  mailbox.offer(1);
  mailbox.offer(2);
  expect(await mailbox.next()).toEqual({ value: 1, done: false });
  const [second, third] = [mailbox.next(), mailbox.next()];
  mailbox.offer(3);
  expect([await second, await third].map(({ value }) => value)).toEqual([2, 3]);
  await mailbox.return();
});

test('state: only the newest waits, however many come', async () => {
  const mailbox = new Mailbox<number>(state());
  for (let n = 1; n <= 10_000; n += 1) mailbox.offer(n);
  expect(mailbox.size).toBe(1);
  expect(await mailbox.next()).toEqual({ value: 10_000, done: false });
  mailbox.offer(10_001);
  expect(await mailbox.next()).toEqual({ value: 10_001, done: false });
  await mailbox.return();
});

test('state: what waits may be merged with what comes', async () => {
  const mailbox = new Mailbox<number[]>(state((kept, newer) => [...kept, ...newer]));
  mailbox.offer([1]);
  mailbox.offer([2, 3]);
  expect(await mailbox.next()).toEqual({ value: [1, 2, 3], done: false });
  await mailbox.return();
});

test('history: the order is kept; beyond the limit all is dropped for one reset, and it goes on', async () => {
  const mailbox = new Mailbox<string>(history(3, (newest) => `reset@${newest}`));
  for (const item of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) mailbox.offer(item);
  expect(mailbox.size).toBeLessThanOrEqual(3);
  const seen: string[] = [];
  while (mailbox.size > 0) seen.push((await mailbox.next()).value ?? '');
  expect(seen).toEqual(['reset@g', 'h']);
  mailbox.offer('i');
  expect(await mailbox.next()).toEqual({ value: 'i', done: false });
  await mailbox.return();
});

test('the figures tell what waits, and what was merged or dropped', async () => {
  const before = mailboxFigures();
  const newest = new Mailbox<number>(state());
  const ordered = new Mailbox<number>(history(3, (item) => -item));
  for (let n = 1; n <= 5; n += 1) newest.offer(n);
  for (let n = 1; n <= 3; n += 1) ordered.offer(n);
  expect(mailboxFigures()).toEqual({
    waiting: 4,
    deepest: 3,
    conflated: before.conflated + 4,
    resets: before.resets,
  });
  ordered.offer(4);
  expect(mailboxFigures()).toMatchObject({ waiting: 2, deepest: 1, resets: before.resets + 1 });
  await newest.return();
  await ordered.return();
  expect(mailboxFigures()).toMatchObject({ waiting: 0, deepest: 0 });
});

test('return() ends a waiting next(), drops what waits, calls onClose once, and stays closed', async () => {
  let closed = 0;
  const mailbox = new Mailbox<number>(state(), () => (closed += 1));
  const waiting = mailbox.next();
  await mailbox.return();
  expect(await waiting).toEqual(DONE);
  mailbox.offer(1);
  await mailbox.return();
  expect(await mailbox.next()).toEqual(DONE);
  expect(closed).toBe(1);
});

test('a failure is met once, after what came before it', async () => {
  const mailbox = new Mailbox<number>(history(10, (newest) => newest));
  mailbox.offer(1);
  mailbox.end({ error: new Error('gone') });
  expect(await mailbox.next()).toEqual({ value: 1, done: false });
  await expect(mailbox.next()).rejects.toThrow('gone');
  expect(await mailbox.next()).toEqual(DONE);
});

test('emptied(): lets a writer wait for the reader, and tells it when the reader has left', async () => {
  const mailbox = new Mailbox<number>(history(10, (newest) => newest));
  expect(await mailbox.emptied()).toBe(true);
  mailbox.offer(1);
  mailbox.offer(2);
  let isEmptied = false;
  const emptied = mailbox.emptied().then((isOpen) => {
    isEmptied = true;
    return isOpen;
  });
  await mailbox.next();
  expect(isEmptied).toBe(false);
  await mailbox.next();
  expect(await emptied).toBe(true);
  mailbox.offer(3);
  const left = mailbox.emptied();
  await mailbox.return();
  expect(await left).toBe(false);
});
