import { describe, expect, test } from 'vitest';
import { decodeGlobalId, encodeGlobalId } from '../../src/api/global-ids.ts';
import { decodePageCursor, encodePageCursor, type SortOrder } from '../../src/api/page-cursor.ts';
import { newId } from '../../src/database/ids.ts';
import type { Viewer } from '../../src/database/viewer.ts';
import {
  decodeLogCursor,
  encodeLogCursor,
  identityOf,
  judgeLogCursor,
} from '../../src/events/log-cursor.ts';

const viewer: Viewer = {
  kind: 'display',
  organizationId: newId(),
  tokenId: newId(),
  callerKey: 'display',
  leaderboardIds: new Set(),
};
const epoch = newId();
const cursor = {
  epoch,
  organizationId: viewer.organizationId,
  position: 123_456_789,
  identity: identityOf(viewer),
};

describe('a log cursor', () => {
  const text = encodeLogCursor(cursor);

  test('comes back as it was', () => {
    expect(decodeLogCursor(text)).toEqual(cursor);
    expect(judgeLogCursor(text, viewer, epoch)).toEqual({ kind: 'VALID', cursor });
    expect(text).toMatch(/^[\w-]+$/);
  });

  test('of one of several items of an event differs from the others, and goes on from the same place', () => {
    const parts = [0, 1, 2, 255].map((part) => encodeLogCursor({ ...cursor, part }));
    expect(new Set(parts).size).toBe(4);
    expect(parts[0]).toBe(text);
    expect(parts.map((part) => decodeLogCursor(part)?.position)).toEqual(
      parts.map(() => cursor.position),
    );
  });

  test('of another database, organization or person is known as that', () => {
    expect(judgeLogCursor(text, viewer, newId()).kind).toBe('OTHER_EPOCH');
    const stranger = { ...viewer, organizationId: newId() };
    expect(judgeLogCursor(text, stranger, epoch)).toEqual({ kind: 'OTHER_ORGANIZATION' });
    expect(judgeLogCursor(text, { ...viewer, tokenId: newId() }, epoch).kind).toBe(
      'OTHER_IDENTITY',
    );
  });

  test('with any one byte changed is malformed', () => {
    const bytes = Buffer.from(text, 'base64url');
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(judgeLogCursor(changed.toString('base64url'), viewer, epoch).kind).toBe('MALFORMED');
    }
  });

  test.each(['', 'AQ', 'x'.repeat(300), `${text}=`, text.slice(0, -2)])(
    '%s is malformed',
    (other) => {
      expect(judgeLogCursor(other, viewer, epoch)).toEqual({ kind: 'MALFORMED' });
    },
  );
});

describe('a page cursor', () => {
  const id = newId();
  const order: SortOrder = {
    list: 'Task',
    columns: [
      { field: 'dueAt', direction: 'ASC', type: 'dateTime', nullable: true },
      {
        field: 'status',
        direction: 'DESC',
        type: 'string',
        nullable: false,
        values: ['OPEN', 'DONE'],
      },
      { field: 'id', direction: 'ASC', type: 'uuid', nullable: false },
    ],
  };
  const row = { dueAt: new Date('2026-03-01T00:00:00.123Z'), status: 'OPEN', id };
  const text = encodePageCursor(order, row);
  const forge = (...values: unknown[]): string => {
    const [made] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[];
    return Buffer.from(JSON.stringify([made, ...values])).toString('base64url');
  };

  test('comes back as the sort values', () => {
    expect(decodePageCursor(order, text, 'after')).toEqual([row.dueAt, 'OPEN', id]);
    const undated = encodePageCursor(order, { ...row, dueAt: null });
    expect(decodePageCursor(order, undated, 'after')).toEqual([null, 'OPEN', id]);
  });

  test('of another list or order is refused, naming the argument', () => {
    for (const other of [
      { ...order, list: 'Meeting' },
      { ...order, columns: order.columns.slice(1) },
      {
        ...order,
        columns: order.columns.map((column) => ({ ...column, direction: 'DESC' as const })),
      },
    ]) {
      expect(() => decodePageCursor(other, text, 'before')).toThrow(
        '`before` is a cursor of another list',
      );
    }
  });

  test.each([
    ['an operator in place of a value', forge({ not: 1 }, 'OPEN', id)],
    ['a list in place of a value', forge(0, ['OPEN'], id)],
    ['null where there is none', forge(0, null, id)],
    ['a value that the enum lacks', forge(0, 'GONE', id)],
    ['an id that is none', forge(0, 'OPEN', "' or 1=1")],
    ['too few values', forge(0, 'OPEN')],
    ['a moment beyond time', forge(1e300, 'OPEN', id)],
    ['no JSON', Buffer.from('x').toString('base64url')],
    ['an object', Buffer.from('{}').toString('base64url')],
  ])('with %s is refused', (_what, forged) => {
    expect(() => decodePageCursor(order, forged, 'after')).toThrow(
      /`after` is (not a page|a) cursor/,
    );
  });
});

test('a global id is of one spelling', () => {
  const id = newId();
  const text = encodeGlobalId('Task', id);
  expect(decodeGlobalId(text)).toEqual({ typename: 'Task', id });
  for (const other of [
    id,
    `Task:${id}`,
    `${text}=`,
    '',
    encodeGlobalId('task', id),
    encodeGlobalId('Task', '7'),
  ]) {
    expect(decodeGlobalId(other)).toBeNull();
  }
});
