import { Decimal } from 'decimal.js';
import { CalendarError } from '../../calendar/errors.ts';
import { ALL_TIME_BUCKET, dayOf, periodContaining } from '../../calendar/periods.ts';
import type { PeriodUnit } from '../../calendar/units.ts';
import type { Database } from '../../database/database.ts';
import { Conflict, checkVersion, InvalidInput } from '../../database/errors.ts';
import { transact } from '../../database/transact.ts';
import type { Tx } from '../../database/transaction.ts';
import type { MemberViewer } from '../../database/viewer.ts';
import { readOrganization } from '../organization/service.ts';
import { targetSet } from './events.ts';
import type { Contestant, Target, TargetKey } from './model.ts';
import { peopleOfTeam, requireContestant, requireMetric } from './references-store.ts';
import * as rules from './rules.ts';
import './recut.ts';
import './scope.ts';
import * as store from './store.ts';

export interface SetTarget {
  metricId: string;
  contestant: Contestant;
  unit: PeriodUnit;
  /** A day of the period, YYYY-MM-DD; default: today in the organization's zone. Not looked at for ALL_TIME. */
  containing?: string | null;
  /** Decimal, at least 0; null removes the target. */
  value: string | null;
  /** 0: only if none is set yet. */
  expectedVersion?: number | null;
  idempotencyKey?: string | null;
}

/** `id` null: no target is set. */
export type TargetOutcome = { id: string | null; version: number | null };

/**
 * Sets, changes or removes the target of a member or team for one period. Of two who set the same one at once the last
 * wins, and both are in the log.
 *
 * Throws NotAllowed, NotFound (metric, member, team), MetricRetired, InvalidInput, Conflict.
 */
export function setTarget(db: Database, viewer: MemberViewer, input: SetTarget) {
  rules.maySetTargets(viewer, input.contestant);
  const value = input.value === null ? null : rules.requireValue(input.value);
  return transact(db, viewer, 'setTarget', input, async (tx): Promise<TargetOutcome> => {
    await requireContestant(tx, input.contestant);
    await requireMetric(tx, input.metricId, value !== null);
    const { metricId, contestant, unit } = input;
    const bucket = await bucketOf(tx, unit, input.containing);
    return change(tx, { metricId, contestant, unit, bucket }, value, input.expectedVersion);
  });
}

async function change(
  tx: Tx,
  key: TargetKey,
  value: string | null,
  expectedVersion: number | null | undefined,
): Promise<TargetOutcome> {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const before = await store.lock(tx, key);
    requireVersion(before, expectedVersion);
    if (before !== null) return changeFrom(tx, before, value);
    if (value === null) return { id: null, version: null };
    const inserted = await store.insert(tx, key, value);
    if (inserted !== null) {
      const owners = await ownersOf(tx, key);
      tx.event(targetSet(inserted, { version: 1, valueBefore: null, value, owners }));
      return { id: inserted.id, version: 1 };
    }
    // Somebody set it between the look and the insert: it is there to be locked now, unless removed again.
  }
  throw Object.assign(new Error('the target comes and goes'), { code: '40001' });
}

async function changeFrom(tx: Tx, before: Target, value: string | null): Promise<TargetOutcome> {
  if (value !== null && new Decimal(before.value).equals(value)) {
    return { id: before.id, version: before.version };
  }
  const version = before.version + 1;
  const valueBefore = new Decimal(before.value).toFixed();
  if (value === null) store.remove(tx, before);
  else store.save(tx, before, value);
  const owners = await ownersOf(tx, before);
  tx.event(targetSet(before, { version, valueBefore, value, owners }));
  return value === null ? { id: null, version: null } : { id: before.id, version };
}

function requireVersion(before: Target | null, expected: number | null | undefined): void {
  if (before !== null) checkVersion('Target', before, expected);
  else if (expected !== null && expected !== undefined && expected !== 0) {
    throw new Conflict('No target is set for this period, or not any more.', {
      path: ['input', 'expectedVersion'],
      data: { expectedVersion: expected, currentVersion: 0 },
    });
  }
}

const ownersOf = (tx: Tx, { contestant }: TargetKey): Promise<string[]> =>
  contestant.type === 'Member' ? Promise.resolve([contestant.id]) : peopleOfTeam(tx, contestant.id);

/** The first day of the period, as the organization counts its time now. */
async function bucketOf(
  tx: Tx,
  unit: PeriodUnit,
  containing: string | null | undefined,
): Promise<string> {
  const organization = await readOrganization(tx.connection, tx.organizationId);
  if (!organization) throw new Error(`there is no organization ${tx.organizationId}`);
  try {
    const day = containing ?? dayOf(organization, tx.now);
    return periodContaining(organization, unit, day).from ?? ALL_TIME_BUCKET;
  } catch (error) {
    if (!(error instanceof CalendarError)) throw error;
    throw new InvalidInput(error.message, { path: ['input', 'containing'] });
  }
}
