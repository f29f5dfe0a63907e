import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyLedger } from '../../src/metrics/verify.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { fc } from '../support/properties.ts';
import { act } from './acts.ts';
import { compareAnswers } from './answers.ts';
import { type Company, company, HOUR } from './company.ts';
import {
  allBoards,
  compareBoard,
  compareEntries,
  type Look,
  lookAt,
  someBoards,
} from './compare.ts';
import { FOUND } from './found.ts';
import { noRecords } from './records.ts';
import { type Step, steps, told } from './steps.ts';

// More of them by SCORES_RUNS and SCORES_SECONDS, others by SCORES_SEED; a failure prints the seed and the fewest steps
// that lead to it.
const RUNS = Number(process.env.SCORES_RUNS ?? 20);
const SEED = Number(process.env.SCORES_SEED ?? 20_261_122);
const LIMIT_MS = Number(process.env.SCORES_SECONDS ?? 25) * 1_000;
const BETWEEN_LOOKS = 8;

describe('scores', () => {
  let app: TestApp;
  const taken = new Map<string, readonly Step[]>();
  beforeAll(async () => {
    app = await testApp();
  });
  afterAll(() => app.stop());

  async function live(all: readonly Step[], zone: number): Promise<Company> {
    const acme = await company(app.app.db, zone);
    taken.set(acme.organizationId, all);
    const records = noRecords();
    const looks: Look[] = [];
    for (const [index, step] of all.entries()) {
      await act(acme, records, step);
      if (index % BETWEEN_LOOKS > 0) continue;
      await compareEntries(acme);
      for (const board of someBoards(acme, 10, index)) await compareBoard(acme, board);
      await comparePast(acme, looks, index);
      looks.push(await lookAt(acme));
    }
    await compareEntries(acme);
    for (const board of someBoards(acme, 24, all.length)) await compareBoard(acme, board);
    await compareAnswers(app, acme, all.length);
    return acme;
  }

  /** Boards as they were known before, and as of a moment that is over. */
  async function comparePast(acme: Company, looks: readonly Look[], turn: number): Promise<void> {
    const known = looks[Math.floor(looks.length / 2)];
    const [first, second, third] = someBoards(acme, 3, turn);
    if (!first || !second || !third || !known) return;
    await compareBoard(acme, first, { known });
    await compareBoard(acme, second, { known, byTime: true });
    const asOf = Math.max(acme.clock.now - turn * 12 * HOUR, third.span.start);
    await compareBoard(acme, third, { asOf: Math.min(asOf, third.span.end - 1) });
  }

  test.each(Object.entries(FOUND))('count %s', async (_, all) => {
    const acme = await live(all, 0);
    const boards = allBoards(acme).filter(({ metric }) => metric === 'won-amount');
    for (const board of boards) await compareBoard(acme, board);
  });

  test('are what a plain model makes of the same steps, whatever they are', async () => {
    const deadline = Date.now() + LIMIT_MS;
    await fc.assert(
      fc.asyncProperty(steps(100), fc.nat(2), async (all, zone) => {
        // A slow machine lives through fewer of them; a failure stays one, with more steps than it needs.
        if (Date.now() < deadline) await live(all, zone);
      }),
      { numRuns: RUNS, seed: SEED },
    );
  }, 600_000);

  test('can all be recomputed from the log', async () => {
    const found = await verifyLedger(app.app.db.url);
    const first = [...taken].find(([id]) => found.some((sentence) => sentence.includes(id)));
    expect(found, first && told(first[1])).toEqual([]);
  }, 120_000);
});
