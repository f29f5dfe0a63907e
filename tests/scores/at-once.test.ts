import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyLedger } from '../../src/metrics/verify.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { fc } from '../support/properties.ts';
import { attempt, type Known } from './at-once.ts';
import { company } from './company.ts';
import { allBoards, compareBoard, compareEntries } from './compare.ts';
import { replayed } from './replay.ts';
import { steps } from './steps.ts';

const SEED = Number(process.env.SCORES_SEED ?? 20_261_122);
const ACTORS = 6;
const STEPS = 40;

describe('scores of what many do at once', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await testApp();
  });
  afterAll(() => app.stop());

  test('are what a plain model makes of the log, in its order', async () => {
    const acme = await company(app.app.db, 0);
    const { model } = acme;
    const known: Known = {
      people: model.people.map(({ id }) => id),
      teams: model.teams.map(({ id }) => id),
      ...{ deals: [], calls: [], tasks: [], customers: [acme.customerId], meetings: [] },
    };
    const lists = fc.sample(steps(STEPS, STEPS), { seed: SEED, numRuns: ACTORS });
    for (const does of ['sell', 'call', 'completeTask'] as const) {
      await attempt(acme, known, { does, who: 0, what: 0, back: 0, after: 0 });
    }
    const outcomes: Record<string, number> = {};
    await Promise.all(
      lists.map(async (list) => {
        for (const step of list) {
          const outcome = await attempt(acme, known, step);
          outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
        }
      }),
    );
    // Refusals are part of it, but most of it happens.
    expect(outcomes.done, JSON.stringify(outcomes)).toBeGreaterThan((ACTORS * STEPS) / 3);

    acme.model = await replayed(acme);
    await compareEntries(acme);
    for (const board of allBoards(acme)) await compareBoard(acme, board);
    // What was earned in a team is of the time when its member was in it, as it is known now.
    const told = (chain: string[]) => chain.map((id) => acme.names.get(id) ?? id);
    for (const { member, asked, chain, metric } of acme.model.entries) {
      const label = `${metric} of ${acme.names.get(member) ?? member} at ${new Date(asked).toISOString()}`;
      expect(told(chain), label).toEqual(told(acme.model.chainOf(member, asked)));
    }
    expect(await verifyLedger(app.app.db.url)).toEqual([]);
  }, 120_000);
});
