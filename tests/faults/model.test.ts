import { describe, expect, test } from 'vitest';
import { newsAfter, ShownBoard } from './board-model.ts';
import { compareHistory, isGood, Model, type Write } from './model.ts';

const ORGANIZATION = 'org';
const NAMES = new Map([
  ['ann', 'Ann'],
  ['bob', 'Bob'],
]);

const write = (position: number, more: Partial<Write> = {}): Write => ({
  organizationId: ORGANIZATION,
  position,
  event: 'task.created',
  recordId: `task ${position}`,
  version: 1,
  memberId: 'ann',
  worth: null,
  ...more,
});

const win = (position: number, memberId: string, worth: number) => ({
  ...write(position, { event: 'opportunity.won', memberId }),
  worth,
});

describe('a history as it was shown', () => {
  const expected = ['a', 'b', 'c', 'd'];
  test.each([
    ['whole', ['a', 'b', 'c', 'd'], {}],
    ['with a gap', ['a', 'c', 'd'], { missing: 1 }],
    ['cut short', ['a', 'b'], { missing: 2 }],
    ['with a double', ['a', 'b', 'b', 'c', 'd'], { doubled: 1 }],
    ['with a late one', ['b', 'a', 'c', 'd'], { outOfOrder: 1 }],
    ["with somebody else's", ['a', 'b', 'x', 'c', 'd'], { strange: 1 }],
  ])('%s', (_, shown, wrong) => {
    const right = { missing: 0, outOfOrder: 0, doubled: 0, strange: 0 };
    const verdict = compareHistory(expected, shown);
    expect(verdict).toEqual({ expected: 4, ...right, ...wrong });
    expect(isGood(verdict)).toBe(Object.keys(wrong).length === 0);
  });
});

describe('what is due to a screen', () => {
  const model = new Model();
  model.begin(ORGANIZATION, 10);
  for (const position of [13, 11, 12]) model.acknowledge(write(position));
  model.acknowledge(write(14, { memberId: 'bob' }));
  model.acknowledge(win(15, 'bob', 1));

  test('are the tasks of its person after its cursor, in the order of the log', () => {
    const due = (memberId: string | null, after: number) =>
      model.tasks({ organizationId: ORGANIZATION, memberId, after });
    expect(due('ann', 11)).toEqual(['task 12@1', 'task 13@1']);
    expect(due(null, 12)).toEqual(['task 13@1', 'task 14@1']);
  });

  const row = (position: number, more = {}) => {
    const { event: type, ...rest } = model.writes(ORGANIZATION)[position - 11] ?? write(position);
    return { ...rest, type, position, ...more };
  };
  const rows = [11, 12, 13, 14, 15].map((position) => row(position));

  test.each([
    ['the same', rows, true],
    ['one short', rows.slice(0, -1), false],
    ['with a gap', rows.filter(({ position }) => position !== 12), false],
    ['with an effect that happened twice', [...rows, row(13, { position: 16 })], false],
    ['with another record', [...rows.slice(0, -1), row(15, { recordId: 'other' })], false],
  ])('the log is %s', (_, log, isRight) => {
    expect(isGood(model.compareLog([row(9), ...log]))).toBe(isRight);
  });
});

test('the news of a board are those that its scores make', () => {
  const scored = [win(1, 'ann', 1), win(2, 'bob', 2), win(3, 'bob', 3), win(4, 'ann', 9)];
  const all = ['WON 1', 'FIRST_DEAL 1', 'WON 2', 'FIRST_DEAL 2', 'OVERTAKEN 2', 'WON 3'];
  expect(newsAfter([...NAMES.keys()], scored, 0)).toEqual([...all, 'WON 9', 'OVERTAKEN 9']);
  expect(newsAfter([...NAMES.keys()], scored, 3)).toEqual(['WON 9', 'OVERTAKEN 9']);
});

describe('a board as it was shown', () => {
  const scored = [win(1, 'ann', 1), win(2, 'bob', 2), win(3, 'ann', 4)];
  const scores = (ann: number, bob: number) =>
    new Map([
      ['Ann', ann],
      ['Bob', bob],
    ]);
  const first = {
    ...{ position: 1, reset: 'FIRST', moreCauses: false },
    scores: scores(1, 0),
    changes: [],
  };
  const second = {
    ...{ position: 2, reset: null, moreCauses: false },
    scores: scores(1, 2),
    changes: [{ name: 'Bob', before: 0, causes: [2] }],
  };
  const third = {
    ...{ position: 3, reset: null, moreCauses: false },
    scores: scores(5, 2),
    changes: [{ name: 'Ann', before: 1, causes: [4] }],
  };
  const both = {
    ...third,
    changes: [...second.changes, ...third.changes],
  };
  test.each([
    ['step by step', [first, second, third], {}],
    ['at once', [first, both], {}],
    ['afresh in between', [first, { ...third, reset: 'SKIPPED', changes: [] }], {}],
    ['without the last change', [first, second], { missing: 1 }],
    ['without a cause', [first, third], { missing: 1 }],
    ['with a cause twice', [first, second, both], { doubled: 1, outOfOrder: 1 }],
    [
      'going back',
      [first, second, third, second],
      { doubled: 1, missing: 1, outOfOrder: 2, strange: 1 },
    ],
    ['with a wrong score', [first, second, { ...third, scores: scores(4, 2) }], { strange: 1 }],
  ])('%s', (_, updates, wrong) => {
    const shown = new ShownBoard();
    for (const update of updates) shown.take(update);
    expect(shown.judge(NAMES, scored)).toMatchObject({
      ...{ missing: 0, outOfOrder: 0, doubled: 0, strange: 0 },
      ...wrong,
    });
  });
});
