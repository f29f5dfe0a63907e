import { createDatabase, type Database } from '../../../src/database/database.ts';
import { newId } from '../../../src/database/ids.ts';
import { transact } from '../../../src/database/transact.ts';
import type { DataScope, MemberViewer, Role } from '../../../src/database/viewer.ts';
import { createFunnel } from '../../../src/domains/funnels/funnel-service.ts';
import type { StageDraft } from '../../../src/domains/funnels/stage-rules.ts';
import { defineAgainstEvents, STANDARD_GRAINS } from '../../../src/metrics/definition.ts';
import { deriveScores } from '../../../src/metrics/derive.ts';
import { insertMetric, insertVersion, readCalendar } from '../../../src/metrics/store.ts';
import { testDatabase } from '../../support/database.ts';

/** An organization without an API around it: for what is asked of services, races and SQL. */
export interface World {
  db: Database;
  organizationId: string;
  admin: MemberViewer;
  viewer(role: Role, scope: DataScope, sees?: readonly MemberViewer[]): Promise<MemberViewer>;
  customer(
    owner: MemberViewer,
    options?: { contact?: boolean; phones?: string[] },
  ): Promise<string>;
  product(name: string, series?: string): Promise<string>;
  funnel(stages?: readonly StageDraft[]): Promise<TestFunnel>;
}

export interface TestFunnel {
  id: string;
  /** By name. */
  stages: Record<string, string>;
}

export const FOUR_STAGES: readonly StageDraft[] = [
  { name: '了解', kind: 'OPEN', probability: '0.1' },
  { name: '比较', kind: 'OPEN', probability: '0.3', limitDays: 10 },
  { name: '谈判', kind: 'OPEN', probability: '0.6' },
  { name: '赢单', kind: 'WON' },
  { name: '输单', kind: 'LOST' },
  { name: '放弃', kind: 'LOST' },
];

const CONNECTIONS = 12;

export async function openDatabase(): Promise<Database> {
  const url = await testDatabase();
  const db = createDatabase({ url, size: CONNECTIONS, pipeline: true, derive: deriveScores });
  // All connections are open before a race begins: opening one takes longer than a transaction.
  await Promise.all(
    Array.from({ length: CONNECTIONS }, () => db.pool.query('select pg_sleep(0.1)')),
  );
  return db;
}

export async function createWorld(db: Database): Promise<World> {
  const organizationId = newId();
  const unique = organizationId.slice(-12);
  await db.prisma.organization.create({
    data: {
      id: organizationId,
      key: unique,
      name: unique,
      timeZone: 'Asia/Shanghai',
      firstDayOfWeek: 1,
      fiscalMonthEnd: 31,
      fiscalYearStartMonth: 1,
      currency: 'CNY',
      locale: 'zh-CN',
    },
  });
  await db.prisma.logHead.create({ data: { organizationId, loggedAt: new Date(0) } });
  let made = 0;

  async function viewer(
    role: Role,
    dataScope: DataScope,
    sees: readonly MemberViewer[] = [],
  ): Promise<MemberViewer> {
    const memberId = newId();
    made += 1;
    await db.prisma.member.create({
      data: {
        id: memberId,
        organizationId,
        employeeNumber: `E${made}`,
        name: `张三 ${made}`,
        role,
        dataScope,
        createdAt: new Date(),
      },
    });
    const visible = new Set([memberId, ...sees.map((seen) => seen.memberId)]);
    return {
      kind: 'member',
      organizationId,
      memberId,
      role,
      dataScope,
      visibleMembers: dataScope === 'ORGANIZATION' ? 'ALL' : visible,
      grants: new Set(['READ', 'WRITE', 'ADMIN']),
      tokenId: memberId,
      callerKey: memberId,
    };
  }

  const admin = await viewer('ADMIN', 'ORGANIZATION');
  await defineMetrics(db, admin);
  return {
    db,
    organizationId,
    admin,
    viewer,
    async customer(owner, { contact = false, phones = [] } = {}) {
      const id = newId();
      const now = new Date();
      await db.prisma.customer.create({
        data: {
          id,
          organizationId,
          kind: 'COMPANY',
          name: `华东贸易 ${id.slice(-4)}`,
          lifecycle: 'POTENTIAL',
          phones,
          ownerId: owner.memberId,
          createdAt: now,
          updatedAt: now,
        },
      });
      if (contact) {
        await db.prisma.contact.create({
          data: { id: newId(), organizationId, customerId: id, name: '李四', createdAt: now },
        });
      }
      return id;
    },
    async product(name, series) {
      const id = newId();
      await db.prisma.product.create({
        data: { id, organizationId, name, series: series ?? null, createdAt: new Date() },
      });
      return id;
    },
    async funnel(stages = FOUR_STAGES) {
      const { id } = await createFunnel(db, admin, { name: `漏斗 ${newId()}`, stages });
      const rows = await db.prisma.stage.findMany({ where: { funnelId: id } });
      return { id, stages: Object.fromEntries(rows.map((row) => [row.name, row.id])) };
    },
  };
}

/** Won amount and won count: what makes the check of the ledger after all tests say something of this room. */
async function defineMetrics(db: Database, admin: MemberViewer): Promise<void> {
  await transact(db, admin, 'defineMetrics', {}, async (tx) => {
    const calendar = await readCalendar(tx.connection, tx.organizationId);
    for (const valueField of ['amount', null]) {
      const id = newId();
      await insertMetric(tx, { id, key: `won-${valueField}`, name: id, description: null });
      const definition = defineAgainstEvents({ event: 'opportunity.won', valueField }, calendar);
      await insertVersion(tx, id, definition, STANDARD_GRAINS, 'ACTIVE');
      tx.event({
        type: 'metric.defined',
        version: 1,
        recordType: 'Metric',
        recordId: id,
        recordVersion: 1,
        payload: {},
        visibility: { before: null, after: null },
      });
    }
    tx.bumpRevision();
    return {};
  });
}

/** Waits for all and says which failed with what: `ok` for those that did not. */
export async function outcomes(work: readonly Promise<unknown>[]): Promise<Record<string, number>> {
  const settled = await Promise.allSettled(work);
  const counts: Record<string, number> = {};
  for (const result of settled) {
    const key = result.status === 'fulfilled' ? 'ok' : String(result.reason?.name);
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}
