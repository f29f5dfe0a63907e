import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resolvePeriod } from '../../src/calendar/named-periods.ts';
import { newId } from '../../src/database/ids.ts';
import type { Connection } from '../../src/database/statements.ts';
import { transact } from '../../src/database/transact.ts';
import type { MetricVersion } from '../../src/metrics/definition.ts';
import { readFacts } from '../../src/metrics/facts.ts';
import { keptRowsAt, readKeptStandings } from '../../src/metrics/kept-standings.ts';
import { readStandings, type Standings, sourceOf } from '../../src/metrics/standings.ts';
import type { Page } from '../../src/metrics/standings-page.ts';
import type { BoardQuestion } from '../../src/metrics/standings-sql.ts';
import { type Company, company, random, writeDeals } from './support.ts';

const NOW = new Date('2026-06-10T04:00:00Z');
const MONTH = { unit: { unit: 'MONTH' as const, containing: '2026-06-01' } };

interface Counted extends Connection {
  /** How many statements had a comment with this name. */
  count(name: string): number;
}

function counted(connection: Connection): Counted {
  const names = new Map<string, number>();
  return {
    query(config) {
      const name = /^\/\* (.*?) \*\//.exec(config.text)?.[1] ?? '';
      names.set(name, (names.get(name) ?? 0) + 1);
      return connection.query(config);
    },
    count: (name) => names.get(name) ?? 0,
  };
}

describe('kept standings', () => {
  const opened: Company[] = [];
  let acme: Company;
  let version: MetricVersion;

  async function open(members: number): Promise<Company> {
    const made = await company({ members, grains: ['YEAR'] });
    opened.push(made);
    return made;
  }
  const versionOf = async ({ db, organizationId }: Company): Promise<MetricVersion> => {
    const [only] = (await readFacts(db.pool, organizationId)).versions;
    if (!only) throw new Error('no version');
    return only;
  };
  beforeAll(async () => {
    acme = await open(12);
    version = await versionOf(acme);
  });
  afterAll(() => Promise.all(opened.map(({ db }) => db.close())));

  function question(
    of: Company,
    { id, metricId, grains, definition }: MetricVersion,
    changes: Partial<BoardQuestion> & { period?: Parameters<typeof resolvePeriod>[1] } = {},
  ): BoardQuestion {
    const { period: input = MONTH, ...rest } = changes;
    const period = resolvePeriod(definition.calendar, input, NOW);
    const measures = rest.measures ?? [
      { versionId: id, metricId, kind: 'VALUE' as const, weight: '1' },
    ];
    return {
      organizationId: of.organizationId,
      contestants: 'MEMBERS',
      scopeTeamId: null,
      teamDepth: 1,
      teams: 'AS_IT_WAS',
      measures,
      sources: measures.map(() => sourceOf(definition.calendar, grains, period, null, false)),
      start: period.start,
      end: period.end,
      target: null,
      ranking: 'STANDARD',
      tieBreak: 'FIRST_TO_REACH',
      competingRoles: ['MEMBER'],
      showZero: true,
      recordedBy: null,
      throughPosition: null,
      ...rest,
    };
  }

  /** Something that an event tells of, and that may move anybody. */
  const alter = (
    recordType: string,
    type: string,
    text: string,
    values: unknown[],
    payload: Record<string, string | null> = {},
  ) =>
    transact(acme.db, acme.viewer, 'testChange', {}, async (tx) => {
      await tx.text(text, values);
      tx.bumpRevision();
      tx.event({
        ...{ type, version: 1, recordType, recordId: newId(), recordVersion: null, payload },
        visibility: { before: null, after: null },
      });
      return {};
    });

  test('are, page by page, what one statement reads, whatever has happened since', async () => {
    const next = random(11);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T;
    const value = { versionId: version.id, metricId: acme.metricId, kind: 'VALUE' as const };
    const percent = { ...value, kind: 'PERCENT_OF_TARGET' as const, weight: '1' };
    const [office = '', , team = ''] = acme.teams;
    const target = { unit: 'MONTH', bucket: '2026-06-01' };
    const asked = [
      question(acme, version),
      question(acme, version, { ranking: 'DENSE', showZero: false }),
      question(acme, version, { period: { named: 'ALL_TIME' }, ranking: 'ORDINAL' }),
      question(acme, version, {
        period: { between: { from: '2026-05-20', through: '2026-06-18' } },
      }),
      question(acme, version, { scopeTeamId: office }),
      question(acme, version, { scopeTeamId: team, teams: 'AS_IT_IS' }),
      question(acme, version, { measures: [percent], target, tieBreak: 'NONE' }),
      question(acme, version, {
        measures: [
          { ...value, weight: '1.5' },
          { ...percent, weight: '0.25' },
        ],
        target,
        tieBreak: 'SECOND_MEASURE',
      }),
      question(acme, version, {
        measures: [
          { ...value, weight: '2' },
          { ...value, weight: '-1' },
        ],
        ranking: 'DENSE',
      }),
    ];
    const connection = counted(acme.db.pool);
    const deals: { id: string; memberId: string; countsAt: Date }[] = [];
    let changes = 0;
    for (let step = 0; step < 220; step++) {
      const dice = next();
      const memberId = pick(acme.members);
      const deal = pick(deals);
      if (dice < 0.02) {
        changes += 1;
        await alter(
          'Member',
          'member.deactivated',
          `UPDATE member SET active = NOT active, deactivated_at = CASE WHEN active THEN $2::timestamptz END WHERE id = $1`,
          [memberId, NOW],
        );
      } else if (dice < 0.04) {
        changes += 1;
        const value = String(1 + Math.floor(next() * 5));
        await alter(
          'Target',
          'target.set',
          `INSERT INTO target (id, organization_id, metric_id, member_id, contestant_id, unit, bucket, value, set_at)
           VALUES ($1, $2, $3, $4, $4, 'MONTH', '2026-06-01', $5, now())
           ON CONFLICT (organization_id, metric_id, unit, bucket, contestant_id) DO UPDATE SET value = excluded.value`,
          [newId(), acme.organizationId, acme.metricId, memberId, value],
          {
            ...{ metricId: acme.metricId, memberId, teamId: null, value, valueBefore: null },
            ...{ unit: 'MONTH', bucket: '2026-06-01' },
          },
        );
      } else if (deal && dice < 0.2) {
        deals.splice(deals.indexOf(deal), 1);
        await writeDeals(acme, [{ type: 'deal.reopened', id: deal.id }]);
      } else if (deal && dice < 0.35) {
        const payload = { ...deal, amount: String(Math.floor(next() * 4)) };
        await writeDeals(acme, [{ type: 'deal.restated', id: deal.id, payload }]);
      } else {
        const days = Math.floor(next() * 60);
        const countsAt = new Date(Date.parse('2026-05-01T03:00:00Z') + days * 86_400_000);
        const won = { id: newId(), memberId, countsAt };
        deals.push(won);
        const payload = { ...won, amount: String(Math.floor(next() * 4) - 1) };
        await writeDeals(acme, [{ type: 'deal.won', id: won.id, payload }]);
      }
      for (const one of asked) {
        const page: Page = pick([
          { first: 100, after: null, around: null },
          { first: 3, after: null, around: null },
          { first: 4, after: null, around: pick(acme.members) },
          { first: 4, after: null, around: newId() },
          { first: 3, after: { contestantId: pick(acme.members), place: 5 }, around: null },
          { first: 0, after: null, around: null },
        ]);
        const kept = await readKeptStandings(connection, one, page);
        const read = await readStandings(acme.db.pool, one, page);
        expect(kept, JSON.stringify({ step, one, page })).toEqual(read);
      }
    }
    expect(changes).toBeGreaterThan(3);
    expect(connection.count('standings')).toBe(asked.length);
    // Everything is read anew only after changes of people or targets, at times after one tie in many.
    expect(connection.count('standing rows')).toBeLessThan(asked.length * (changes + 4));
  }, 120_000);

  test('are at one place of the log each, and never before what the asker has written', async () => {
    const asked = question(acme, version);
    const everybody = { first: 100, after: null, around: null };
    const readers = 3;
    const seen = new Map<number, Standings>();
    let writing = true;
    const look = async (atLeast: number) => {
      const standings = await readKeptStandings(acme.db.pool, asked, everybody);
      expect(standings.position).toBeGreaterThanOrEqual(atLeast);
      seen.set(standings.position, standings);
    };
    const reading = Array.from({ length: readers }, async () => {
      while (writing) await look(0);
    });
    const next = random(5);
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        for (let step = 0; step < 30; step++) {
          const memberId = acme.members[Math.floor(next() * 12)] ?? '';
          const payload = { memberId, countsAt: NOW, amount: String(1 + Math.floor(next() * 3)) };
          const { position } = await writeDeals(acme, [{ type: 'deal.won', id: newId(), payload }]);
          await look(position);
        }
      }),
    );
    writing = false;
    await Promise.all(reading);
    expect(seen.size).toBeGreaterThan(20);
    let known = 0;
    for (const [position, standings] of seen) {
      const rows = keptRowsAt(acme.db.pool, asked, position, acme.members);
      if (rows) {
        known += 1;
        expect(rows).toEqual(
          acme.members.map((id) => standings.rows.find(({ contestantId }) => contestantId === id)),
        );
      }
      const minus = { start: asked.start, end: asked.end, minusAfter: position };
      const then = await readStandings(
        acme.db.pool,
        {
          ...asked,
          throughPosition: position,
          sources: asked.sources.map((source) => ({ ...source, slices: [minus] })),
        },
        everybody,
      );
      const figures = ({ rows }: Standings) =>
        rows.map(({ contestantId, score, rank }) => `${rank} ${contestantId} ${Number(score)}`);
      expect(figures(standings)).toEqual(figures(then));
    }
    expect(known).toBeGreaterThan(5);
    expect(keptRowsAt(acme.db.pool, asked, 1, acme.members)).toBeNull();
  }, 60_000);

  test('of many who change at once, or of a restored database, are read anew', async () => {
    const many = await open(620);
    const asked = question(many, await versionOf(many));
    const connection = counted(many.db.pool);
    const page = { first: 100, after: null, around: null };
    const same = async () => {
      const kept = await readKeptStandings(connection, asked, page);
      expect(kept).toEqual(await readStandings(many.db.pool, asked, page));
      return connection.count('standing rows');
    };
    await same();
    expect(await same()).toBe(1);
    await writeDeals(
      many,
      many.members.slice(0, 560).map((memberId, index) => ({
        type: 'deal.won',
        id: newId(),
        payload: { memberId, countsAt: NOW, amount: String(index % 50) },
      })),
    );
    expect(await same()).toBe(2);
    expect(await same()).toBe(2);
    await many.db.pool.query('UPDATE log_epoch SET epoch = gen_random_uuid()');
    expect(await same()).toBe(3);
  }, 60_000);
});
