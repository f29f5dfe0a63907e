import type { Duplex } from 'node:stream';
import { describe, expect, test } from 'vitest';
import * as ws from 'ws';
import { Frame, nextMessage, slotOf } from '../../../src/live/groups/frame.ts';

/** Reads frames as a client does, with ws's own receiver behind a socket that is fed by hand. */
function receive(chunks: readonly Buffer[]): Promise<string[]> {
  const { Receiver } = ws as unknown as { Receiver: new () => Duplex };
  const receiver = new Receiver();
  const messages: string[] = [];
  receiver.on('message', (data: Buffer) => messages.push(String(data)));
  return new Promise((resolve, reject) => {
    receiver.on('error', reject);
    receiver.write(Buffer.concat(chunks), () => setImmediate(() => resolve(messages)));
  });
}

/** A sink that keeps the very bytes it was given, as a socket does with what the kernel has not taken. */
function sink(waiting: () => number) {
  const written: Uint8Array[] = [];
  return {
    written,
    write: (bytes: Uint8Array) => {
      written.push(bytes);
      return true;
    },
    get writableLength() {
      return waiting();
    },
  };
}

const slot = (id: string): string => slotOf(id) ?? '';

describe('a frame', () => {
  // What stands around the payload is 70 bytes long.
  test.each([
    [2, 2],
    [55, 2],
    [56, 4],
    [1_000, 4],
    [65_465, 4],
    [65_466, 10],
    [200_000, 10],
  ])(
    'of a payload of %i bytes has a header of %i, and says the same to every id',
    async (length, header) => {
      const json = JSON.stringify('x'.repeat(length - 2));
      const frame = new Frame(json);
      const to = sink(() => 0);
      const ids = ['1', '"', '排', '\u0000', '\ud800', 'x'.repeat(36)];
      const chunks: Buffer[] = [];
      for (const id of ids) {
        frame.write(to, slot(id));
        chunks.push(Buffer.from(to.written.at(-1) ?? []));
      }
      expect(chunks[0]).toHaveLength(header + 70 + length);
      const messages = await receive(chunks);
      expect(messages.map((text) => JSON.parse(text))).toEqual(
        ids.map((id) => ({ id, type: 'next', payload: JSON.parse(json) })),
      );
    },
  );

  test('is patched in place while the kernel takes all, and copied for the next once it does not', () => {
    const frame = new Frame('{"data":1}');
    const quick = sink(() => 0);
    for (const id of ['1', '2']) frame.write(quick, slot(id));
    expect(quick.written[0]).toBe(quick.written[1]);
    const slow = sink(() => 1);
    frame.write(slow, slot('slow'));
    frame.write(quick, slot('3'));
    const [kept] = slow.written;
    expect(quick.written[2]).not.toBe(kept);
    expect(String(kept)).toContain('"slow"');
    expect(String(quick.written[2])).toContain('"3"');
  });

  test('says in plain text what it says in bytes', async () => {
    const json = JSON.stringify({ data: '页\u2028"' });
    const to = sink(() => 0);
    new Frame(json).write(to, slot('排"'));
    const [text = ''] = await receive([Buffer.from(to.written[0] ?? [])]);
    expect(JSON.parse(text)).toEqual(JSON.parse(nextMessage('排"', json)));
  });
});

test('a slot is for ids of up to 38 characters of ASCII, quotes and escapes counted', () => {
  expect(slotOf('x'.repeat(36))).toHaveLength(38);
  expect(slotOf('')).toBe(`""${' '.repeat(36)}`);
  expect(slotOf('x'.repeat(37))).toBeNull();
  expect(slotOf('排'.repeat(6))).toHaveLength(38);
  expect(slotOf('排'.repeat(7))).toBeNull();
  expect(slotOf('"'.repeat(19))).toBeNull();
});
