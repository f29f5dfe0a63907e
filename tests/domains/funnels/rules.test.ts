import { describe, expect, test } from 'vitest';
import { newId } from '../../../src/database/ids.ts';
import {
  NO_FACTS,
  type Opportunity,
  type RequiredField,
  type Stage,
  type TargetStage,
} from '../../../src/domains/funnels/model.ts';
import * as rules from '../../../src/domains/funnels/rules.ts';
import { planStages, type StageDraft } from '../../../src/domains/funnels/stage-rules.ts';
import { checkAmount, checkDay, checkName } from '../../../src/domains/funnels/values.ts';

const at = new Date('2026-05-01T00:00:00Z');
const before = new Date('2026-04-01T00:00:00Z');

const stage = (
  kind: TargetStage['kind'],
  requiredFields: RequiredField[] = [],
  id = newId(),
): TargetStage => ({ id, name: kind, kind, requiredFields });

const deal = (patch: Partial<Opportunity> = {}): Opportunity => ({
  id: newId(),
  version: 3,
  externalId: null,
  name: '商机',
  customerId: null,
  productId: null,
  ownerId: newId(),
  funnelId: newId(),
  stageId: newId(),
  status: 'OPEN',
  amount: '10',
  wonAmount: null,
  expectedCloseOn: null,
  openedAt: before,
  stageEnteredAt: before,
  closedAt: null,
  lossReason: null,
  creditedToId: null,
  createdAt: before,
  updatedAt: before,
  archivedAt: null,
  archivedAsMistake: false,
  ...patch,
});

const won = () =>
  deal({ status: 'WON', wonAmount: '10', closedAt: before, creditedToId: newId(), amount: '9' });
const lost = () => deal({ status: 'LOST', closedAt: before, lossReason: '价格' });

describe('which step may follow', () => {
  const steps = {
    move: (from: Opportunity) => rules.move(from, stage('OPEN'), NO_FACTS, at),
    win: (from: Opportunity) => rules.win(from, stage('WON'), NO_FACTS, { creditedToId: 'x' }, at),
    lose: (from: Opportunity) => rules.lose(from, stage('LOST'), NO_FACTS, { reason: 'x' }, at),
    reopen: (from: Opportunity) => rules.reopen(from, stage('OPEN'), NO_FACTS, at),
    transfer: (from: Opportunity) => rules.transfer(from, newId(), at),
    archive: (from: Opportunity) => rules.archive(from, false, at),
  };
  const allowed: Record<string, (keyof typeof steps)[]> = {
    OPEN: ['move', 'win', 'lose', 'transfer', 'archive'],
    WON: ['reopen', 'transfer', 'archive'],
    LOST: ['reopen', 'transfer', 'archive'],
    ARCHIVED: [],
  };
  const states = { OPEN: deal, WON: won, LOST: lost, ARCHIVED: () => deal({ archivedAt: at }) };
  for (const [state, make] of Object.entries(states)) {
    for (const [name, step] of Object.entries(steps)) {
      const may = allowed[state]?.includes(name as keyof typeof steps);
      test(`${state}: ${name} ${may ? 'goes' : 'is refused'}`, () => {
        if (may) {
          expect(step(make())).toMatchObject({ version: 4, updatedAt: at });
        } else {
          expect(() => step(make())).toThrow(
            expect.objectContaining({ code: 'WRONG_STATE', data: { state } }),
          );
        }
      });
    }
  }

  test('a move to where it is, or by the wrong kind of step, is refused', () => {
    const from = deal();
    const here = stage('OPEN', [], from.stageId);
    expect(() => rules.move(from, here, NO_FACTS, at)).toThrow(
      expect.objectContaining({ code: 'WRONG_STATE' }),
    );
    for (const kind of ['WON', 'LOST'] as const) {
      expect(() => rules.move(from, stage(kind), NO_FACTS, at)).toThrow(
        expect.objectContaining({ code: 'INVALID_INPUT', inputPath: ['input', 'stageId'] }),
      );
    }
  });
});

describe('what a stage asks for', () => {
  const all: RequiredField[] = [
    'CUSTOMER',
    'CONTACT',
    'PHONE',
    'PRODUCT',
    'AMOUNT',
    'EXPECTED_CLOSE_ON',
  ];

  test('a move without it is refused, naming all that is empty', () => {
    const gate = stage('OPEN', all);
    const empty = deal({ amount: null });
    expect(() => rules.move(empty, gate, { hasContact: true, hasPhone: true }, at)).toThrow(
      expect.objectContaining({
        code: 'FIELDS_MISSING',
        data: { stageId: gate.id, fields: all },
        message: expect.stringContaining('CUSTOMER, CONTACT, PHONE, PRODUCT, AMOUNT'),
      }),
    );
    const filled = deal({
      customerId: newId(),
      productId: newId(),
      expectedCloseOn: '2026-06-01',
    });
    expect(rules.missing(filled, { hasContact: false, hasPhone: true }, all)).toEqual(['CONTACT']);
    expect(rules.move(filled, gate, { hasContact: true, hasPhone: true }, at).stageId).toBe(
      gate.id,
    );
  });

  test('a winning may bring the amount that is asked for', () => {
    const gate = stage('WON', ['AMOUNT']);
    const winning = { wonAmount: '0', creditedToId: newId() };
    expect(rules.win(deal({ amount: null }), gate, NO_FACTS, winning, at).wonAmount).toBe('0');
  });

  test('what the present stage asks for cannot be cleared, but what it never had can stay empty', () => {
    const here = stage('OPEN', ['PRODUCT', 'AMOUNT']);
    expect(() => rules.edit(deal(), here, { amount: null }, at)).toThrow(
      expect.objectContaining({ code: 'FIELDS_MISSING' }),
    );
    expect(rules.edit(deal(), here, { amount: '11', name: '新' }, at)?.changed).toEqual([
      'amount',
      'name',
    ]);
  });
});

describe('editing', () => {
  test('nothing different is nothing', () => {
    expect(rules.edit(deal(), stage('OPEN'), { amount: '10.0000', name: '商机' }, at)).toBeNull();
    expect(rules.transfer(deal({ ownerId: 'a' }), 'a', at)).toBeNull();
  });

  test.each([
    ['wonAmount', { wonAmount: '11' }, true],
    ['product', { productId: newId() }, true],
    ['customer', { customerId: newId() }, true],
    ['credit', { creditedToId: newId() }, true],
    ['name', { name: '别的' }, false],
  ])('of a won one: %s restates the score: %s %s', (_what, change, restates) => {
    expect(rules.edit(won(), stage('WON'), change, at)?.restates).toBe(restates);
    const { wonAmount, creditedToId, ...open } = { wonAmount: '', creditedToId: '', ...change };
    if (!wonAmount && !creditedToId) {
      expect(rules.edit(deal(), stage('OPEN'), open, at)?.restates).toBe(false);
    }
  });
});

test('a reopened deal has nothing of its closing left', () => {
  const open = rules.reopen(won(), stage('OPEN'), NO_FACTS, at);
  expect(open).toMatchObject({ wonAmount: null, closedAt: null, creditedToId: null });
  expect(rules.reopen(lost(), stage('OPEN'), NO_FACTS, at).lossReason).toBeNull();
});

test('a limit counts whole days to the millisecond, for open deals only', () => {
  const entered = (ms: number) => new Date(at.getTime() - 2 * 86_400_000 + ms);
  expect(rules.isOverLimit(deal({ stageEnteredAt: entered(-1) }), 2, at)).toBe(true);
  expect(rules.isOverLimit(deal({ stageEnteredAt: entered(0) }), 2, at)).toBe(false);
  expect(rules.isOverLimit(deal({ stageEnteredAt: entered(-1) }), null, at)).toBe(false);
  expect(rules.isOverLimit({ ...won(), stageEnteredAt: entered(-1) }, 2, at)).toBe(false);
});

describe('the stages of a funnel', () => {
  const drafts: StageDraft[] = [
    { name: 'A', kind: 'OPEN', probability: '0.5' },
    { name: 'B', kind: 'OPEN', probability: '0.7500' },
    { name: 'W', kind: 'WON' },
    { name: 'L', kind: 'LOST' },
  ];
  const plan = (given: StageDraft[], existing: Stage[] = []) =>
    planStages('f', existing, given, newId, at);

  test('have their order, and probabilities that follow from their kind', () => {
    expect(
      plan(drafts).map(({ name, ordinal, probability }) => [name, ordinal, probability]),
    ).toEqual([
      ['A', 1, '0.5'],
      ['B', 2, '0.75'],
      ['W', 3, '1'],
      ['L', 4, '0'],
    ]);
  });

  test.each([
    ['no WON', [0, 1, 3]],
    ['no LOST', [0, 1, 2]],
    ['no OPEN', [2, 3]],
    ['two WON', [0, 2, 2, 3]],
    ['a name twice', [0, 0, 2, 3]],
  ])('are refused with %s', (_what, chosen) => {
    const given = chosen.map((index) => drafts[index] ?? {});
    expect(() => plan(given)).toThrow(expect.objectContaining({ code: 'STAGES_INVALID' }));
  });

  test.each([
    ['probability', { name: 'A', kind: 'OPEN' }],
    ['probability', { name: 'A', kind: 'OPEN', probability: '1.1' }],
    ['probability', { name: 'A', kind: 'OPEN', probability: '-0.1' }],
    ['probability', { name: 'A', kind: 'OPEN', probability: '0.00001' }],
    ['probability', { name: 'A', kind: 'LOST', probability: '0.5' }],
    ['kind', { name: 'A' }],
    ['name', { kind: 'OPEN', probability: '0.5' }],
    ['name', { name: '长'.repeat(201), kind: 'OPEN', probability: '0.5' }],
    ['limitDays', { name: 'A', kind: 'OPEN', probability: '0.5', limitDays: 0 }],
    ['limitDays', { name: 'A', kind: 'OPEN', probability: '0.5', limitDays: 1.5 }],
    ['id', { id: 'unknown', name: 'A' }],
  ] as [string, StageDraft][])('are refused with a bad %s: %j', (field, draft) => {
    expect(() => plan([draft, ...drafts])).toThrow(
      expect.objectContaining({
        code: 'INVALID_INPUT',
        inputPath: ['input', 'stages', '0', field],
      }),
    );
  });

  test('that are left out are archived where they were, and come back by their ids', () => {
    const existing = plan(drafts);
    const [a, b, w, l] = existing.map(({ id }) => ({ id }));
    const without = plan(
      [a ?? {}, { name: 'N', kind: 'OPEN', probability: '0.9' }, w ?? {}, l ?? {}],
      existing,
    );
    expect(without.map(({ name, ordinal, archivedAt }) => [name, ordinal, archivedAt])).toEqual([
      ['A', 1, null],
      ['B', 2, at],
      ['N', 3, null],
      ['W', 4, null],
      ['L', 5, null],
    ]);
    const back = plan([b ?? {}, a ?? {}, w ?? {}, l ?? {}], without);
    expect(back.map(({ name, archivedAt }) => [name, archivedAt])).toEqual([
      ['B', null],
      ['N', at],
      ['A', null],
      ['W', null],
      ['L', null],
    ]);
  });

  test('never change their kind', () => {
    const existing = plan(drafts);
    const [a, ...rest] = existing.map(({ id }) => ({ id }));
    const given = [{ ...a, kind: 'LOST' as const }, ...rest];
    expect(() => plan(given, existing)).toThrow(
      expect.objectContaining({
        code: 'STAGES_INVALID',
        inputPath: ['input', 'stages', '0', 'kind'],
      }),
    );
  });
});

test('values are refused with the place where they stand', () => {
  const path = ['input', 'x'];
  const refusal = expect.objectContaining({ code: 'INVALID_INPUT', inputPath: path });
  for (const amount of ['-1', '1e3', '12345678901234567', '0.00001', '', 'x']) {
    expect(() => checkAmount(amount, path)).toThrow(refusal);
  }
  expect(checkAmount('1234567890123456.1000', path)).toBe('1234567890123456.1');
  for (const day of ['2026-02-29', '2026-2-1', 'x']) {
    expect(() => checkDay(day, path)).toThrow(refusal);
  }
  for (const name of ['', '  ', 'a'.repeat(201), 'a\nb', 'a\u0000b']) {
    expect(() => checkName(name, 200, path)).toThrow(refusal);
  }
  expect(checkName(` ${'𠮷'.repeat(200)} `, 200, path)).toBe('𠮷'.repeat(200));
});
