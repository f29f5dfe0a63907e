import { type DocumentNode, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { judge } from '../../src/client/break.ts';
import { planSubscription } from '../../src/client/document.ts';
import { SignInNeeded } from '../../src/client/errors.ts';
import { createMusterClient } from '../../src/client/muster-client.ts';
import {
  FollowTasksDocument,
  MyTasksDocument,
  WatchBoardDocument,
  WatchNewsDocument,
} from '../../src/generated/operations.ts';

describe('what a document must have to be resumed', () => {
  test.each<[string, DocumentNode, boolean]>([
    ['taskEvents', FollowTasksDocument, true],
    ['boardNews', WatchNewsDocument, true],
    ['leaderboard', WatchBoardDocument, false],
    [
      'mine',
      parse(`subscription ($since: Cursor) { mine: taskEvents(since: $since) { ...E } }
             fragment E on TaskEvent { __typename cursor }`),
      true,
    ],
  ])('%s', (key, document, isHistory) => {
    expect(planSubscription(document)).toMatchObject({ key, isHistory });
  });

  test.each([
    ['{ viewer { kind } }', 'no subscription'],
    ['subscription ($since: Cursor) { taskEvents(since: $since) { taskId } }', 'select `cursor`'],
    [
      'subscription ($since: Cursor) { taskEvents(since: $since) { at: cursor } }',
      'select `cursor`',
    ],
    [
      'subscription ($since: Cursor) { taskEvents(since: $since) { cursor } }',
      'select `__typename`',
    ],
    ['subscription { taskEvents { __typename cursor } }', 'declare `$since: Cursor`'],
    [
      'subscription ($id: ID!) { leaderboard(id: $id) { cursor reset } }',
      'leaderboard(since: $since)',
    ],
    ['subscription A { a } subscription B { b }', 'exactly one operation'],
  ])('%s is refused', (text, message) => {
    expect(() => planSubscription(parse(text))).toThrow(message);
  });

  test('a history without `since` or onReset is refused before anything is sent', () => {
    const client = createMusterClient({ url: 'http://127.0.0.1:1/graphql', token: () => 'x' });
    const onUpdate = () => {};
    expect(() => client.subscribe(FollowTasksDocument, { since: 'x' }, { onUpdate })).toThrow(
      'give `onReset`',
    );
    expect(() => client.subscribe(FollowTasksDocument, {}, { onUpdate })).toThrow('Give `since`');
    expect(() => client.subscribe(MyTasksDocument as never, {}, { onUpdate: () => {} })).toThrow(
      'no subscription',
    );
  });
});

describe('what is done about a break', () => {
  test.each([
    ...[1000, 1001, 1005, 1006, 1012, 1013, 1014, 4408, 4499, 4504].map((code) => [code, 'retry']),
    ...[1002, 1003, 1007, 1008, 1009, 1011].map((code) => [code, 'end']),
    ...[4004, 4005, 4400, 4406, 4409, 4429, 4500].map((code) => [code, 'end']),
    ...[4401, 4403].map((code) => [code, 'sign in']),
  ] as [number, string][])('closed with %i: %s', (code, next) => {
    expect(judge({ kind: 'closed', code, reason: '' }).next).toBe(next);
  });

  test.each([
    [[], 503, 'retry'],
    [[], 429, 'retry'],
    [[], 404, 'end'],
    [[], 401, 'sign in'],
    [['INTERNAL_SERVER_ERROR'], 500, 'retry'],
    [['POSITION_NOT_REACHED'], 503, 'retry'],
    [['UNAUTHENTICATED'], 200, 'sign in'],
    [['RIGHTS_ENDED'], 200, 'sign in'],
    [['NOT_FOUND'], 200, 'end'],
    [['BAD_LOG_CURSOR'], 400, 'end'],
  ])('refused with %j and status %i: %s', (codes, status, next) => {
    const problems = codes.map((code) => ({ message: code, extensions: { code } }));
    expect(judge({ kind: 'refused', problems, status }).next).toBe(next);
  });

  test('a token that cannot be had is tried again, unless somebody must sign in', () => {
    expect(judge({ kind: 'network', cause: new Error('offline') }).next).toBe('retry');
    const error = new SignInNeeded();
    expect(judge({ kind: 'network', cause: error })).toEqual({ next: 'end', error });
  });
});
