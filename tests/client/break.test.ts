import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Backoff } from '../../src/client/backoff.ts';
import { judge } from '../../src/client/break.ts';

const closed = (code: number) => judge({ kind: 'closed', code, reason: '' });

test.each([
  [1012, 'retry', true],
  [1000, 'retry', false],
  [1001, 'retry', false],
  [1006, 'retry', false],
  [1013, 'retry', false],
  [4408, 'retry', false],
  [4403, 'sign in', undefined],
  [4401, 'sign in', undefined],
  [1008, 'end', undefined],
  [1009, 'end', undefined],
  [4400, 'end', undefined],
  [4409, 'end', undefined],
])('after a close with %i: %s', (code, next, atOnce) => {
  const verdict = closed(code);
  expect(verdict.next).toBe(next);
  expect('atOnce' in verdict ? verdict.atOnce : undefined).toBe(atOnce);
});

test('a server that stops is left at once; one that sends everybody away again and again is not pressed', async () => {
  const backoff = new Backoff({ firstMs: 600_000, longestMs: 600_000 });
  let tries = 0;
  const again = () => {
    tries += 1;
  };
  backoff.schedule(again, true);
  await expect.poll(() => tries).toBe(1);
  backoff.schedule(again, true);
  await pause(200);
  expect(tries).toBe(1);
  backoff.reset();
  backoff.schedule(again, true);
  await expect.poll(() => tries).toBe(2);
  backoff.cancel();
});
