import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { previousPeriod } from '../../src/calendar/comparisons.ts';
import { resolvePeriod } from '../../src/calendar/named-periods.ts';
import { newId } from '../../src/database/ids.ts';
import { runText } from '../../src/database/statements.ts';
import { toUnits } from '../../src/metrics/amounts.ts';
import type { MetricVersion } from '../../src/metrics/definition.ts';
import { readFacts } from '../../src/metrics/facts.ts';
import { readStandings, sourceOf } from '../../src/metrics/standings.ts';
import type { BoardQuestion } from '../../src/metrics/standings-sql.ts';
import { expectedBoard } from './standings-oracle.ts';
import { type Company, company, random, writeDeals } from './support.ts';

const DAY = 86_400_000;

describe('standings', () => {
  let acme: Company;
  let version: MetricVersion;
  const base = Date.parse('2026-01-01T00:00:00Z');
  let midway = { position: 0, at: new Date(0) };

  beforeAll(async () => {
    acme = await company({ members: 12, grains: ['QUARTER', 'YEAR'] });
    const { pool } = acme.db;
    const next = random(7);
    // Members change teams, a team changes its office, somebody leaves, somebody is a manager.
    const move = async (
      table: string,
      key: string,
      to: string,
      id: string,
      target: string,
      at: string,
    ) => {
      await pool.query(`UPDATE ${table} SET until = $2 WHERE ${key} = $1 AND until IS NULL`, [
        id,
        at,
      ]);
      await pool.query(
        `INSERT INTO ${table} (id, organization_id, ${key}, ${to}, "from") VALUES ($1, $2, $3, $4, $5)`,
        [newId(), acme.organizationId, id, target, at],
      );
    };
    const [officeA = '', officeB = '', teamA = '', , teamC = ''] = acme.teams;
    const [first = '', second = '', third = '', fourth = ''] = acme.members;
    await move('membership', 'member_id', 'team_id', first, teamC, '2026-03-10T08:00:00Z');
    await move('membership', 'member_id', 'team_id', second, teamA, '2026-05-02T08:00:00Z');
    await move('team_parentage', 'team_id', 'parent_id', teamC, officeA, '2026-04-15T00:00:00Z');
    await pool.query(
      `UPDATE member SET active = false, deactivated_at = '2026-05-20' WHERE id = $1`,
      [third],
    );
    await pool.query(`UPDATE member SET role = 'MANAGER' WHERE id = $1`, [fourth]);
    await pool.query('UPDATE log_head SET revision = revision + 1');
    expect(officeB).not.toBe('');
    const open: { id: string; memberId: string; countsAt: Date }[] = [];
    for (let step = 0; step < 300; step++) {
      const deal = open[Math.floor(next() * open.length)];
      const countsAt = new Date(
        base + Math.floor(next() * 160) * DAY + Math.floor(next() * 4) * 6 * 3_600_000,
      );
      const memberId = acme.members[Math.floor(next() * 10)] ?? '';
      const dice = next();
      if (deal && dice < 0.15) {
        open.splice(open.indexOf(deal), 1);
        await writeDeals(acme, [{ type: 'deal.reopened', id: deal.id }]);
      } else if (deal && dice < 0.3) {
        const amount = String(Math.floor(next() * 4));
        await writeDeals(acme, [
          { type: 'deal.restated', id: deal.id, payload: { ...deal, amount } },
        ]);
      } else {
        const fresh = { id: newId(), memberId, countsAt };
        open.push(fresh);
        const amount = String(Math.floor(next() * 5) - 1);
        await writeDeals(acme, [{ type: 'deal.won', id: fresh.id, payload: { ...fresh, amount } }]);
      }
      if (step === 150) {
        const [head] = await runText<{ position: number; loggedAt: Date }>(
          pool,
          'SELECT position, logged_at FROM log_head',
        );
        midway = { position: head?.position ?? 0, at: head?.loggedAt ?? new Date(0) };
      }
    }
    const facts = await readFacts(pool, acme.organizationId);
    const [only] = facts.versions;
    if (!only) throw new Error('no version');
    version = only;
  }, 60_000);
  afterAll(() => acme.db.close());

  function question(next: () => number): BoardQuestion {
    const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T;
    const { calendar } = version.definition;
    const period = resolvePeriod(
      calendar,
      pick([
        { named: 'ALL_TIME' as const },
        { unit: { unit: 'YEAR' as const, containing: '2026-02-01' } },
        { unit: { unit: 'QUARTER' as const, containing: '2026-05-01' } },
        { unit: { unit: 'MONTH' as const, containing: '2026-03-01' } },
        { unit: { unit: 'WEEK' as const, containing: '2026-04-15' } },
        { between: { from: '2026-01-20', through: '2026-05-04' } },
      ]),
      new Date(base),
    );
    const asOf = next() < 0.25 ? new Date(base + Math.floor(next() * 160 * 24) * 3_600_000) : null;
    const recordedBy = next() < 0.15 ? midway.at : null;
    const throughPosition =
      recordedBy === null && asOf === null && next() < 0.3 ? midway.position : null;
    const source = sourceOf(calendar, version.grains, period, asOf, recordedBy !== null);
    const minus = { start: period.start, end: period.end, minusAfter: throughPosition ?? 0 };
    const contestants = pick(['MEMBERS', 'MEMBERS', 'TEAMS'] as const);
    return {
      organizationId: acme.organizationId,
      contestants,
      scopeTeamId: next() < 0.5 ? pick(acme.teams) : null,
      teamDepth: pick([1, 1, 2]),
      teams: pick(['AS_IT_WAS', 'AS_IT_IS'] as const),
      measures: [{ versionId: version.id, metricId: acme.metricId, kind: 'VALUE', weight: '1' }],
      sources: [
        throughPosition === null ? source : { ...source, slices: [...source.slices, minus] },
      ],
      start: period.start,
      end: asOf && (!period.end || asOf < period.end) ? new Date(asOf.getTime() + 1) : period.end,
      target: null,
      ranking: pick(['STANDARD', 'DENSE', 'ORDINAL'] as const),
      tieBreak: pick(['FIRST_TO_REACH', 'FIRST_TO_REACH', 'NONE'] as const),
      competingRoles: ['MEMBER'],
      showZero: next() < 0.7,
      recordedBy,
      throughPosition,
    };
  }

  test('200 random boards are what plain code makes of the rows', async () => {
    const next = random(99);
    for (let step = 0; step < 200; step++) {
      const asked = question(next);
      const { rows } = await readStandings(acme.db.pool, asked, {
        first: 100,
        after: null,
        around: null,
      });
      const actual = rows.map(
        (row) => `${row.contestantId} ${row.rank} ${toUnits(row.score ?? '0')} ${row.left}`,
      );
      expect(actual, JSON.stringify(asked)).toEqual(await expectedBoard(acme, asked));
    }
  }, 120_000);

  test('pages of any size, and around anybody, are parts of the whole', async () => {
    const asked = {
      ...question(random(3)),
      contestants: 'MEMBERS' as const,
      scopeTeamId: null,
      showZero: true,
    };
    const whole = await readStandings(acme.db.pool, asked, {
      first: 100,
      after: null,
      around: null,
    });
    const seen: string[] = [];
    let after: { contestantId: string; place: number } | null = null;
    for (;;) {
      const page = await readStandings(acme.db.pool, asked, { first: 5, after, around: null });
      seen.push(...page.rows.map(({ contestantId }) => contestantId));
      after = page.rows.at(-1) ?? null;
      if (page.rows.length < 5) break;
    }
    expect(seen).toEqual(whole.rows.map(({ contestantId }) => contestantId));
    for (const { contestantId } of whole.rows) {
      const page = await readStandings(acme.db.pool, asked, {
        first: 5,
        after: null,
        around: contestantId,
      });
      expect(page.rows).toHaveLength(Math.min(5, whole.total));
      expect(page.rows.map((row) => row.contestantId)).toContain(contestantId);
      expect(whole.rows).toEqual(expect.arrayContaining(page.rows));
    }
    expect(
      previousPeriod(
        version.definition.calendar,
        resolvePeriod(version.definition.calendar, { named: 'ALL_TIME' }, new Date(base)),
      ),
    ).toBeNull();
  });
});
