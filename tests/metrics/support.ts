import type { PeriodUnit } from '../../src/calendar/units.ts';
import { createDatabase, type Database } from '../../src/database/database.ts';
import { newId } from '../../src/database/ids.ts';
import { transact } from '../../src/database/transact.ts';
import { type MemberViewer, systemViewer } from '../../src/database/viewer.ts';
import { defineAgainstEvents, STANDARD_GRAINS } from '../../src/metrics/definition.ts';
import { deriveScores } from '../../src/metrics/derive.ts';
import { declareScoringEvent } from '../../src/metrics/scoring-events.ts';
import { insertMetric, insertVersion, readCalendar } from '../../src/metrics/store.ts';
import { testDatabase } from '../support/database.ts';

// Events of no domain: what the ledger promises, it promises to any.
declareScoringEvent({
  type: 'deal.won',
  description: 'For tests.',
  fields: {
    amount: { kind: 'amount', description: 'Its worth.' },
    kind: { kind: 'choice', description: 'A or B.' },
  },
  restatedBy: ['deal.restated'],
  reversedBy: ['deal.reopened'],
});

export interface Company {
  db: Database;
  viewer: MemberViewer;
  organizationId: string;
  members: string[];
  teams: string[];
  metricId: string;
  versionId: string;
}

/** Two offices with two teams each, and members spread over the teams; one metric that sums deals. */
export async function company(
  options: { zone?: string; members?: number; grains?: PeriodUnit[]; since?: string } = {},
): Promise<Company> {
  const db = createDatabase({
    url: await testDatabase(),
    size: 20,
    pipeline: true,
    derive: deriveScores,
  });
  const organizationId = newId();
  const since = options.since ?? '2020-01-01';
  await db.pool.query(
    `INSERT INTO organization (id, key, name, time_zone, first_day_of_week, fiscal_month_end, fiscal_year_start_month,
       currency, locale) VALUES ($1, $2, 'Test', $3, 1, 31, 1, 'CNY', 'zh-CN')`,
    [organizationId, organizationId, options.zone ?? 'Asia/Shanghai'],
  );
  await db.pool.query('INSERT INTO log_head (organization_id, logged_at) VALUES ($1, $2)', [
    organizationId,
    since,
  ]);
  const offices = [newId(), newId()];
  const teams = [newId(), newId(), newId(), newId()];
  for (const id of [...offices, ...teams]) {
    await db.pool.query(
      'INSERT INTO team (id, organization_id, name, created_at) VALUES ($1, $2, $3, $4)',
      [id, organizationId, `Team ${id.slice(-4)}`, since],
    );
  }
  for (const [index, id] of teams.entries()) {
    await db.pool.query(
      'INSERT INTO team_parentage (id, organization_id, team_id, parent_id, "from") VALUES ($1, $2, $3, $4, $5)',
      [newId(), organizationId, id, offices[Math.floor(index / 2)], since],
    );
  }
  const members: string[] = [];
  for (let index = 0; index < (options.members ?? 8); index++) {
    const id = newId();
    members.push(id);
    await db.pool.query(
      `INSERT INTO member (id, organization_id, employee_number, name, role, data_scope, created_at)
       VALUES ($1, $2, $3, $4, 'MEMBER', 'OWN', $5)`,
      [id, organizationId, String(index + 1), `Member ${index + 1}`, since],
    );
    await db.pool.query(
      'INSERT INTO membership (id, organization_id, member_id, team_id, "from") VALUES ($1, $2, $3, $4, $5)',
      [newId(), organizationId, id, teams[index % 4], since],
    );
  }
  const viewer = systemViewer(organizationId, members[0] ?? newId(), 'test');
  const { metricId, versionId } = await transact(db, viewer, 'testMetric', {}, async (tx) => {
    const id = newId();
    await insertMetric(tx, { id, key: 'deals', name: 'Deals', description: null });
    const calendar = await readCalendar(tx.connection, tx.organizationId);
    const definition = defineAgainstEvents({ event: 'deal.won', valueField: 'amount' }, calendar);
    const grains = [...STANDARD_GRAINS, ...(options.grains ?? [])];
    const version = await insertVersion(tx, id, definition, grains, 'ACTIVE');
    tx.bumpRevision();
    tx.event({
      type: 'metric.defined',
      version: 1,
      recordType: 'Metric',
      recordId: id,
      recordVersion: 1,
      payload: {},
      visibility: { before: null, after: null },
    });
    return { metricId: id, versionId: version.id };
  });
  return {
    db,
    viewer,
    organizationId,
    members,
    teams: [...offices, ...teams],
    metricId,
    versionId,
  };
}

export interface DealPayload {
  memberId: string;
  countsAt: Date;
  amount: string;
  kind?: string;
}

/** Writes events of deals, as a domain's service would. */
export function writeDeals(
  { db, viewer }: Company,
  deals: readonly {
    type: 'deal.won' | 'deal.restated' | 'deal.reopened';
    id: string;
    payload?: DealPayload;
  }[],
): Promise<{ position: number }> {
  return transact(db, viewer, 'testDeals', {}, async (tx) => {
    for (const { type, id, payload } of deals) {
      tx.event({
        type,
        version: 1,
        recordType: 'Deal',
        recordId: id,
        recordVersion: null,
        payload: payload
          ? { ...payload, kind: payload.kind ?? 'A', countsAt: payload.countsAt.toISOString() }
          : {},
        visibility: { before: null, after: null },
      });
    }
    return {};
  });
}

/** A stream of numbers between 0 and 1 that is the same for the same seed. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
