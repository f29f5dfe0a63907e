import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { planSubscription } from '../../src/client/document.ts';
import type { Problem } from '../../src/client/errors.ts';
import { OwnWrites } from '../../src/client/requests.ts';
import { ResumableSubscription } from '../../src/client/subscription.ts';
import type { Payload, Sink, Transport } from '../../src/client/transport.ts';

const PLAN = planSubscription(
  parse(
    'subscription ($since: Cursor) { taskEvents(since: $since) { __typename cursor task { title } } }',
  ),
);
const TROUBLE = { message: 'Unexpected error.', extensions: { code: 'INTERNAL_SERVER_ERROR' } };
const REFUSAL = { message: 'Not for you.', extensions: { code: 'FORBIDDEN' } };

const event = (cursor: string, title: string | null) => ({
  taskEvents: { __typename: 'TaskUpdated', cursor, task: title === null ? null : { title } },
});

/** A server that answers as the test says, and what a screen shows of it. */
function screen() {
  const opened: { since: unknown; sink: Sink }[] = [];
  const shown: { data: unknown; problems: readonly Problem[] }[] = [];
  const transport: Transport = {
    heardAt: new Date(),
    open(payload: Payload, sink) {
      const { since } = JSON.parse(JSON.stringify(payload.variables));
      opened.push({ since, sink });
      sink.connected();
      return { close() {}, refuse() {} };
    },
    close: () => Promise.resolve(),
  };
  const subscription = new ResumableSubscription({
    ...{ plan: PLAN, transport, own: new OwnWrites(), quietMs: 10_000, onEnd() {} },
    variables: { since: 'c0' },
    retry: { firstMs: 1, longestMs: 1 },
    handlers: { onUpdate: (data, problems) => shown.push({ data, problems }) },
  });
  return { opened, shown, subscription, newest: () => opened.at(-1) };
}

test('an update that the server could not make whole is asked for again from the last cursor', async () => {
  const { opened, shown, subscription, newest } = screen();
  newest()?.sink.next({ data: event('c1', 'one') });
  newest()?.sink.next({ data: event('c2', null), errors: [TROUBLE] });
  await expect.poll(() => opened.length).toBe(2);
  expect(newest()?.since).toBe('c1');
  newest()?.sink.next({ data: event('c2', 'two') });
  expect(shown.map(({ data }) => data)).toEqual([event('c1', 'one'), event('c2', 'two')]);
  subscription.close();
});

test('what fails every time is shown as it is in the end, with its problems', async () => {
  const { opened, shown, subscription, newest } = screen();
  for (let tries = 1; shown.length === 0; tries += 1) {
    await expect.poll(() => opened.length).toBe(tries);
    newest()?.sink.next({ data: event('c1', null), errors: [TROUBLE] });
  }
  expect(opened).toHaveLength(6);
  expect(shown).toEqual([{ data: event('c1', null), problems: [TROUBLE] }]);
  subscription.close();
});

test('what is refused for good is shown at once', () => {
  const { opened, shown, subscription, newest } = screen();
  newest()?.sink.next({ data: event('c1', null), errors: [REFUSAL] });
  expect(opened).toHaveLength(1);
  expect(shown).toEqual([{ data: event('c1', null), problems: [REFUSAL] }]);
  subscription.close();
});
