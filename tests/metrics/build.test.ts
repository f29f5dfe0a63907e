import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../src/database/ids.ts';
import { runText } from '../../src/database/statements.ts';
import { transact } from '../../src/database/transact.ts';
import { buildVersion, pendingBuilds } from '../../src/metrics/build.ts';
import { Builder } from '../../src/metrics/builder.ts';
import { defineAgainstEvents, STANDARD_GRAINS } from '../../src/metrics/definition.ts';
import { insertMetric, insertVersion, readCalendar } from '../../src/metrics/store.ts';
import { verifyLedger } from '../../src/metrics/verify.ts';
import { type Company, company, random, writeDeals } from './support.ts';

describe('a metric that is defined later', () => {
  let acme: Company;
  beforeAll(async () => {
    acme = await company();
  });
  afterAll(() => acme.db.close());

  const define = (key: string, kinds: string[]) =>
    transact(acme.db, acme.viewer, 'testMetric', {}, async (tx) => {
      const id = newId();
      await insertMetric(tx, { id, key, name: key, description: null });
      const calendar = await readCalendar(tx.connection, tx.organizationId);
      const input = {
        event: 'deal.won',
        valueField: 'amount',
        conditions: [{ field: 'kind', in: kinds }],
      };
      const version = await insertVersion(
        tx,
        id,
        defineAgainstEvents(input, calendar),
        STANDARD_GRAINS,
        'BUILDING',
      );
      return { id, versionId: version.id };
    });

  /** Writes deals, reopens and restates some, at a rate; gives the deals as they stand. */
  async function write(
    count: number,
    perSecond: number,
    seed: number,
  ): Promise<Map<string, { kind: string; amount: number }>> {
    const next = random(seed);
    const standing = new Map<string, { kind: string; amount: number }>();
    const running = new Set<Promise<unknown>>();
    const busy = new Set<string>();
    for (let step = 0; step < count; step++) {
      const free = [...standing.keys()].filter((id) => !busy.has(id));
      const id = free[Math.floor(next() * free.length)];
      const dice = next();
      const old = id !== undefined && dice < 0.4;
      const deal = old ? id : newId();
      const kind = old ? (standing.get(deal)?.kind ?? 'A') : next() < 0.5 ? 'A' : 'B';
      const amount = Math.floor(next() * 100) + 1;
      const payload = {
        memberId: acme.members[0] ?? '',
        countsAt: new Date('2026-06-01'),
        amount: String(amount),
        kind,
      };
      const type = !old ? 'deal.won' : dice < 0.2 ? 'deal.reopened' : 'deal.restated';
      if (type === 'deal.reopened') standing.delete(deal);
      else standing.set(deal, { kind, amount });
      busy.add(deal);
      const written = writeDeals(acme, [
        { type, id: deal, payload: type === 'deal.reopened' ? undefined : payload },
      ]);
      const settled = written.then(() => {
        busy.delete(deal);
        running.delete(settled);
      });
      running.add(settled);
      await new Promise((resolve) => setTimeout(resolve, 1_000 / perSecond));
    }
    await Promise.all(running);
    return standing;
  }

  const sumOf = async (versionId: string) => {
    const [row] = await runText<{ sum: string }>(
      acme.db.pool,
      'SELECT coalesce(trim_scale(sum(amount)), 0)::text AS sum FROM score_entry WHERE metric_version_id = $1',
      [versionId],
    );
    return Number(row?.sum);
  };

  test('is built from the log under 200 writes a second: none missing, none doubled', async () => {
    const past = await write(300, 2_000, 1);
    const writing = write(600, 200, 2);
    const { versionId } = await define('kind-a', ['A']);
    // Two nodes at once: only one of them builds it.
    const built = await Promise.all([
      buildVersion(acme.db, versionId),
      buildVersion(acme.db, versionId),
    ]);
    expect(built.filter(Boolean)).toHaveLength(1);
    const present = await writing;
    const expected = [...past.values(), ...present.values()]
      .filter(({ kind }) => kind === 'A')
      .reduce((sum, { amount }) => sum + amount, 0);
    expect(await sumOf(versionId)).toBe(expected);
    expect(await verifyLedger(acme.db.url)).toEqual([]);
  }, 60_000);

  test('goes on where a node that died left off, and is built by any builder', async () => {
    const { versionId } = await define('kind-b', ['B']);
    expect(await pendingBuilds(acme.db)).toEqual([versionId]);
    const builder = new Builder(acme.db, (error) => {
      throw error;
    });
    builder.start();
    await builder.idle();
    await builder.stop();
    expect(await pendingBuilds(acme.db)).toEqual([]);
    expect(await sumOf(versionId)).toBeGreaterThan(0);
    expect(await verifyLedger(acme.db.url)).toEqual([]);
  });
});
