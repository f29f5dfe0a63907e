import { isDeepStrictEqual } from 'node:util';
import type { PeriodUnit } from '../../calendar/units.ts';
import type { Database } from '../../database/database.ts';
import {
  AlreadyExists,
  checkVersion,
  InvalidInput,
  NotAllowed,
  NotFound,
  WrongState,
} from '../../database/errors.ts';
import { newId } from '../../database/ids.ts';
import { brokenConstraint, transact } from '../../database/transact.ts';
import type { Tx } from '../../database/transaction.ts';
import type { MemberViewer } from '../../database/viewer.ts';
import { wakeBuilder } from '../../metrics/builder.ts';
import {
  type DefinitionInput,
  defineAgainstEvents,
  STANDARD_GRAINS,
} from '../../metrics/definition.ts';
import {
  activeMetricIds,
  insertMetric,
  insertVersion,
  lockMetric,
  type MetricRow,
  readCalendar,
  readVersions,
  updateMetricRow,
} from '../../metrics/store.ts';
import { onCalendarChanged } from '../organization/calendar-changed.ts';
import { metricEvent } from './events.ts';

const MAX_METRICS = 100;
const KEY = /^[a-z0-9]+(-[a-z0-9]+)*$/;

export interface DefineMetric extends DefinitionInput {
  key: string;
  name: string;
  description?: string | null;
  idempotencyKey?: string | null;
}

export interface UpdateMetric {
  id: string;
  expectedVersion: number;
  name?: string | null;
  description?: string | null;
  /** A new definition is built from the log beside the old one, which counts until then. */
  definition?: DefinitionInput | null;
  idempotencyKey?: string | null;
}

function onlyAdmin(viewer: MemberViewer): void {
  if (viewer.role !== 'ADMIN') throw new NotAllowed('Only an administrator defines metrics.');
}

/** Adds a metric; its scores are built from the log of all that ever happened, under live writes. */
export async function defineMetric(db: Database, viewer: MemberViewer, input: DefineMetric) {
  onlyAdmin(viewer);
  if (!KEY.test(input.key) || input.key.length > 60) {
    throw new InvalidInput('A key is lower-case letters, digits and single hyphens, at most 60.', {
      path: ['input', 'key'],
    });
  }
  return transact(db, viewer, 'defineMetric', input, async (tx) => {
    const metrics = await activeMetricIds(tx.connection, tx.organizationId);
    if (metrics.length >= MAX_METRICS) {
      throw new InvalidInput(
        `An organization has at most ${MAX_METRICS} metrics: retire one first.`,
      );
    }
    const definition = defineAgainstEvents(
      input,
      await readCalendar(tx.connection, tx.organizationId),
    );
    const id = newId();
    const metric = { id, key: input.key, name: input.name, description: input.description ?? null };
    await insertMetric(tx, metric).catch((error) => {
      if (brokenConstraint(error) !== 'metric_organization_id_key_key') throw error;
      throw new AlreadyExists(`There is a metric "${input.key}" already.`, {
        path: ['input', 'key'],
      });
    });
    const version = await insertVersion(tx, id, definition, STANDARD_GRAINS, 'BUILDING');
    tx.event(metricEvent('metric.defined', { id, version: 1 }, version));
    tx.afterCommit.push(() => wakeBuilder(db));
    return { id, version: 1 };
  });
}

export function updateMetric(db: Database, viewer: MemberViewer, input: UpdateMetric) {
  onlyAdmin(viewer);
  return transact(db, viewer, 'updateMetric', input, async (tx) => {
    const metric = await lockForChange(tx, input.id, input.expectedVersion);
    const changed: MetricRow = {
      ...metric,
      name: input.name ?? metric.name,
      description: input.description === undefined ? metric.description : input.description,
    };
    const version = input.definition ? await rebuild(tx, metric.id, input.definition, []) : null;
    if (!version && isDeepStrictEqual(changed, metric)) {
      return { id: metric.id, version: metric.version };
    }
    await updateMetricRow(tx, changed);
    const now = { id: metric.id, version: metric.version + 1 };
    tx.event(metricEvent('metric.updated', now, version));
    return now;
  });
}

/** A retired metric keeps its scores and its boards; it takes no corrections and no new boards. */
export function retireMetric(
  db: Database,
  viewer: MemberViewer,
  input: { id: string; expectedVersion?: number | null; idempotencyKey?: string | null },
) {
  onlyAdmin(viewer);
  return transact(db, viewer, 'retireMetric', input, async (tx) => {
    const metric = await lockForChange(tx, input.id, input.expectedVersion);
    await updateMetricRow(tx, { ...metric, retiredAt: tx.now });
    const now = { id: metric.id, version: metric.version + 1 };
    tx.event(metricEvent('metric.retired', now, null));
    return now;
  });
}

async function lockForChange(
  tx: Tx,
  id: string,
  expected: number | null | undefined,
): Promise<MetricRow> {
  const metric = await lockMetric(tx, id);
  if (!metric) throw new NotFound('There is no such metric.', { path: ['input', 'id'] });
  checkVersion('Metric', metric, expected);
  if (metric.retiredAt)
    throw new WrongState('The metric is retired.', { data: { state: 'RETIRED' } });
  return metric;
}

/** Starts building a version with this definition (null: the present one) and at least these grains. */
async function rebuild(
  tx: Tx,
  metricId: string,
  input: DefinitionInput | null,
  grains: readonly PeriodUnit[],
) {
  await lockMetric(tx, metricId);
  const [present] = await readVersions(tx.connection, tx.organizationId, [metricId]);
  const calendar = await readCalendar(tx.connection, tx.organizationId);
  const definition = input
    ? defineAgainstEvents(input, calendar)
    : present && { ...present.definition, calendar };
  if (!definition) throw new Error(`metric ${metricId} has no definition`);
  const all = [...new Set([...STANDARD_GRAINS, ...(present?.grains ?? []), ...grains])];
  const version = await insertVersion(tx, metricId, definition, all, 'BUILDING');
  tx.afterCommit.push(() => wakeBuilder(tx.db));
  return version;
}

/** Gives metrics the roll-ups of a board's own unit, where they lack them; boards are right, if slower, meanwhile. */
export async function ensureGrain(
  tx: Tx,
  metricIds: readonly string[],
  grain: PeriodUnit,
): Promise<void> {
  const versions = await readVersions(tx.connection, tx.organizationId, metricIds);
  for (const metricId of [...metricIds].sort()) {
    const newest = versions.find((version) => version.metricId === metricId);
    if (newest && !newest.grains.includes(grain)) await rebuild(tx, metricId, null, [grain]);
  }
}

/** Cuts all roll-ups anew by the calendar that the organization now has; until then the ledger answers. */
async function rebuildForCalendar(tx: Tx): Promise<void> {
  const metrics = await activeMetricIds(tx.connection, tx.organizationId);
  for (const { metricId } of metrics) await rebuild(tx, metricId, null, []);
}

onCalendarChanged(rebuildForCalendar);
