import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../src/database/ids.ts';
import { runText } from '../../src/database/statements.ts';
import { transact } from '../../src/database/transact.ts';
import { verifyLedger } from '../../src/metrics/verify.ts';
import { type Company, company, random, writeDeals } from './support.ts';

describe('the score ledger', () => {
  let acme: Company;
  beforeAll(async () => {
    acme = await company({ grains: ['WEEK', 'YEAR'] });
  });
  afterAll(() => acme.db.close());

  const entries = (id: string) =>
    runText<{
      memberId: string;
      amount: string;
      countsAt: Date;
      originallyAt: Date | null;
      reversesPosition: number;
    }>(
      acme.db.pool,
      `SELECT member_id, trim_scale(amount)::text AS amount, counts_at, originally_at, reverses_position
       FROM score_entry WHERE subject = $1 ORDER BY position, ordinal`,
      [id],
    );

  test('a won deal that is reopened leaves an entry and its reversal, at the same moment', async () => {
    const [memberId = ''] = acme.members;
    const id = newId();
    const countsAt = new Date('2026-03-31T15:59:59.999Z');
    const won = await writeDeals(acme, [
      { type: 'deal.won', id, payload: { memberId, countsAt, amount: '100.5' } },
    ]);
    await writeDeals(acme, [{ type: 'deal.reopened', id }]);
    expect(await entries(id)).toEqual([
      { memberId, amount: '100.5', countsAt, originallyAt: null, reversesPosition: null },
      { memberId, amount: '-100.5', countsAt, originallyAt: null, reversesPosition: won.position },
    ]);
  });

  test('a changed amount writes the difference, a changed member moves it, at the moment of the original', async () => {
    const [memberId = '', other = ''] = acme.members;
    const id = newId();
    const countsAt = new Date('2026-04-01T00:00:00.000Z');
    await writeDeals(acme, [
      { type: 'deal.won', id, payload: { memberId, countsAt, amount: '100' } },
    ]);
    await writeDeals(acme, [
      { type: 'deal.restated', id, payload: { memberId, countsAt, amount: '70' } },
    ]);
    await writeDeals(acme, [
      { type: 'deal.restated', id, payload: { memberId: other, countsAt, amount: '70' } },
    ]);
    expect(
      (await entries(id)).map((entry) => [entry.memberId, entry.amount, entry.countsAt]),
    ).toEqual([
      [memberId, '100', countsAt],
      [memberId, '-30', countsAt],
      [memberId, '-70', countsAt],
      [other, '70', countsAt],
    ]);
  });

  test('several events of one deal in one transaction follow each other', async () => {
    const [memberId = ''] = acme.members;
    const id = newId();
    const countsAt = new Date('2026-04-02T00:00:00.000Z');
    const payload = { memberId, countsAt, amount: '5' };
    await writeDeals(acme, [
      { type: 'deal.won', id, payload },
      { type: 'deal.reopened', id },
      { type: 'deal.won', id, payload },
      { type: 'deal.restated', id, payload: { ...payload, amount: '7' } },
    ]);
    expect((await entries(id)).map(({ amount }) => amount)).toEqual(['5', '-5', '5', '2']);
  });

  test('several corrections of an older deal in one transaction count it once', async () => {
    const [memberId = ''] = acme.members;
    const id = newId();
    const countsAt = new Date('2026-04-03T00:00:00.000Z');
    const payload = { memberId, countsAt, amount: '5' };
    await writeDeals(acme, [{ type: 'deal.won', id, payload }]);
    await writeDeals(acme, [
      { type: 'deal.restated', id, payload: { ...payload, amount: '7' } },
      { type: 'deal.restated', id, payload: { ...payload, amount: '8' } },
      { type: 'deal.reopened', id },
    ]);
    expect((await entries(id)).map(({ amount }) => amount)).toEqual(['5', '2', '1', '-8']);
  });

  test('random deals under concurrency: the ledger, the roll-ups and the log agree', async () => {
    const next = random(20_261_122);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T;
    const base = Date.parse('2026-05-01T00:00:00Z');
    const worker = async (own: () => number) => {
      const open: { id: string; memberId: string; countsAt: Date }[] = [];
      for (let step = 0; step < 60; step++) {
        const dice = own();
        const deal = open[Math.floor(own() * open.length)];
        // Equal moments, back-dating and future ones, on purpose.
        const countsAt = new Date(base + Math.floor(own() * 60) * 12 * 3_600_000);
        const amount = String(Math.floor(own() * 9) - (own() < 0.2 ? 5 : 0));
        if (deal && dice < 0.2) {
          open.splice(open.indexOf(deal), 1);
          await writeDeals(acme, [{ type: 'deal.reopened', id: deal.id }]);
        } else if (deal && dice < 0.4) {
          const memberId = own() < 0.3 ? pick(acme.members) : deal.memberId;
          deal.memberId = memberId;
          await writeDeals(acme, [
            {
              type: 'deal.restated',
              id: deal.id,
              payload: { memberId, countsAt: deal.countsAt, amount },
            },
          ]);
        } else {
          const batch = Array.from({ length: own() < 0.2 ? 5 : 1 }, () => {
            const fresh = { id: newId(), memberId: pick(acme.members), countsAt };
            open.push(fresh);
            return { type: 'deal.won' as const, id: fresh.id, payload: { ...fresh, amount } };
          });
          await writeDeals(acme, batch);
        }
        if (dice > 0.97)
          await closePeriod(acme, new Date(base + Math.floor(own() * 10) * 86_400_000));
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, index) => worker(random(index + 1))));
    expect(await verifyLedger(acme.db.url)).toEqual([]);
    const [count] = await runText<{ entries: number }>(
      acme.db.pool,
      'SELECT count(*) AS entries FROM score_entry',
    );
    expect(count?.entries).toBeGreaterThan(400);
  });

  test('the verification finds what was tampered with', async () => {
    const [row] = await runText<{ position: number }>(
      acme.db.pool,
      'SELECT min(position) AS position FROM score_entry WHERE amount > 0',
    );
    const tamper = (by: number) =>
      acme.db.pool.query('UPDATE score_entry SET amount = amount + $2 WHERE position = $1', [
        row?.position,
        by,
      ]);
    await tamper(1);
    const found = await verifyLedger(acme.db.url);
    await tamper(-1);
    expect(found.join('\n')).toMatch(/entry \d+\.1 should be/);
    expect(found.join('\n')).toMatch(/roll-up .* should be/);
    expect(await verifyLedger(acme.db.url)).toEqual([]);
  });
});

async function closePeriod({ db, viewer }: Company, closedBefore: Date): Promise<void> {
  await transact(db, viewer, 'closePeriod', {}, async (tx) => {
    tx.event({
      type: 'period.closed',
      version: 1,
      recordType: 'Organization',
      recordId: tx.organizationId,
      recordVersion: null,
      payload: {
        closedBefore: closedBefore.toISOString(),
        closedBeforeWas: tx.closedBefore?.toISOString() ?? null,
      },
      visibility: { before: null, after: null },
    });
    await tx.text('UPDATE log_head SET closed_before = $2 WHERE organization_id = $1', [
      tx.organizationId,
      closedBefore,
    ]);
    return {};
  });
}
