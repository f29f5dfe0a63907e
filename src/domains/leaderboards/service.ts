import { isDeepStrictEqual } from 'node:util';
import { Decimal } from 'decimal.js';
import type { Database } from '../../database/database.ts';
import {
  checkVersion,
  InvalidInput,
  NotAllowed,
  NotFound,
  WrongState,
} from '../../database/errors.ts';
import { newId } from '../../database/ids.ts';
import { transact } from '../../database/transact.ts';
import type { Tx } from '../../database/transaction.ts';
import type { MemberViewer } from '../../database/viewer.ts';
import { requireCalendarMoment } from '../organization/limits.ts';
import { MetricRetired } from '../targets/errors.ts';
import { loadBoard } from './board.ts';
import { leaderboardEvent, scoreCorrected } from './events.ts';
import { ensureGrain } from './metric-service.ts';
import {
  BOARD_DEFAULTS,
  checkBoard,
  MAX_BOARDS,
  type MeasureInput,
  type MeasureRow,
  measureRows,
} from './rules.ts';
import {
  type BoardColumns,
  countBoards,
  insertBoard,
  insertCorrection,
  lockBoard,
  readMember,
  readMetricStates,
  replaceMeasures,
  teamExists,
  updateBoard,
} from './store.ts';

type Given<T> = { [K in keyof T]?: T[K] | null };

export type CreateLeaderboard = Given<Omit<BoardColumns, 'name' | 'periodUnit'>> &
  Pick<BoardColumns, 'name' | 'periodUnit'> & {
    measures: readonly MeasureInput[];
    idempotencyKey?: string | null;
  };

export type UpdateLeaderboard = Given<BoardColumns> & {
  id: string;
  expectedVersion: number;
  measures?: readonly MeasureInput[] | null;
  archived?: boolean | null;
  idempotencyKey?: string | null;
};

/** Fields that a client may clear with null; for all others null is as good as left out. */
const CLEARABLE = new Set(['scopeTeamId']);

function merged(base: BoardColumns, given: Given<BoardColumns>): BoardColumns {
  const changes = (Object.keys(base) as (keyof BoardColumns)[]).flatMap((key) => {
    const value = given[key];
    const says = value !== undefined && (value !== null || CLEARABLE.has(key));
    return says ? [[key, value]] : [];
  });
  return { ...base, ...Object.fromEntries(changes) };
}

function mayManage(viewer: MemberViewer): void {
  const director = viewer.role === 'MANAGER' && viewer.dataScope === 'ORGANIZATION';
  if (viewer.role !== 'ADMIN' && !director) {
    throw new NotAllowed(
      'Only administrators, and managers of the whole organization, change leaderboards.',
    );
  }
}

export async function createLeaderboard(
  db: Database,
  viewer: MemberViewer,
  input: CreateLeaderboard,
) {
  mayManage(viewer);
  const { measures: inputs, idempotencyKey: _, ...given } = input;
  const board = merged(
    { ...BOARD_DEFAULTS, name: given.name, periodUnit: given.periodUnit },
    given,
  );
  const measures = measureRows(inputs);
  checkBoard(board, measures);
  return transact(db, viewer, 'createLeaderboard', input, async (tx) => {
    if ((await countBoards(tx)) >= MAX_BOARDS) {
      throw new WrongState(
        `An organization has at most ${MAX_BOARDS} leaderboards: archive one first.`,
      );
    }
    await checkReferences(tx, board, measures);
    const id = newId();
    await insertBoard(tx, id, board);
    await replaceMeasures(tx, id, measures);
    await ensureGrain(
      tx,
      measures.map(({ metricId }) => metricId),
      board.periodUnit,
    );
    tx.event(leaderboardEvent('leaderboard.created', { id, version: 1 }));
    return { id, version: 1 };
  });
}

export async function updateLeaderboard(
  db: Database,
  viewer: MemberViewer,
  input: UpdateLeaderboard,
) {
  mayManage(viewer);
  return transact(db, viewer, 'updateLeaderboard', input, async (tx) => {
    // The lock comes first: what is read after it does not change any more. It is read by the same connection, or as
    // many writers as the pool has connections would wait for each other's.
    const locked = await lockBoard(tx, input.id);
    const present = locked && (await loadBoard(tx.connection, tx.organizationId, input.id));
    if (!present) throw new NotFound('There is no such leaderboard.', { path: ['input', 'id'] });
    checkVersion('Leaderboard', present, input.expectedVersion);
    if (present.archivedAt && input.archived !== false) {
      throw new WrongState('The leaderboard is archived: bring it back with archived: false.', {
        data: { state: 'ARCHIVED' },
      });
    }
    const {
      id,
      version,
      archivedAt,
      measures: before,
      calendar: _c,
      currency: _m,
      organizationId: _o,
      ...columns
    } = present;
    const board = merged(columns, input);
    const measures = input.measures
      ? measureRows(input.measures)
      : before.map(({ metricId, kind, weight }) => ({ metricId, kind, weight }));
    checkBoard(board, measures);
    await checkReferences(tx, board, input.measures ? measures : []);
    const archived = input.archived ?? archivedAt !== null;
    const isSame =
      archived === (archivedAt !== null) &&
      isDeepStrictEqual([board, measures.map(plain)], [columns, before.map(plain)]);
    if (isSame) return { id, version };
    await updateBoard(tx, id, {
      ...board,
      version: version + 1,
      archivedAt: archived ? (archivedAt ?? tx.now) : null,
    });
    if (input.measures) await replaceMeasures(tx, id, measures);
    await ensureGrain(
      tx,
      measures.map(({ metricId }) => metricId),
      board.periodUnit,
    );
    const now = { id, version: version + 1 };
    tx.event(
      leaderboardEvent(
        archived && !archivedAt ? 'leaderboard.archived' : 'leaderboard.updated',
        now,
      ),
    );
    return now;
  });
}

/** Equal measures, however their weights are written. */
const plain = ({ metricId, kind, weight }: MeasureRow) => [
  metricId,
  kind,
  new Decimal(weight).toFixed(),
];

async function checkReferences(
  tx: Tx,
  board: BoardColumns,
  measures: readonly MeasureRow[],
): Promise<void> {
  if (board.scopeTeamId && !(await teamExists(tx, board.scopeTeamId))) {
    throw new NotFound('There is no such team.', { path: ['input', 'scopeTeamId'] });
  }
  if (measures.length === 0) return;
  const metrics = await readMetricStates(
    tx,
    measures.map(({ metricId }) => metricId),
  );
  measures.forEach(({ metricId }, index) => {
    const path = ['input', 'measures', String(index), 'metricId'];
    const metric = metrics.find(({ id }) => id === metricId);
    if (!metric) throw new NotFound('There is no such metric.', { path });
    if (metric.retiredAt)
      throw new MetricRetired('This metric is retired: name one that is in use.', { path });
  });
}

export interface CorrectScore {
  metricId: string;
  memberId: string;
  /** Signed; never zero. */
  amount: string;
  reason: string;
  /** Default: now. In a closed period it counts at the start of the open one. */
  countsAt?: Date | null;
  idempotencyKey?: string | null;
}

/** Adds an entry that no other event made. Nothing is edited: a wrong correction is corrected by another. */
export async function correctScore(db: Database, viewer: MemberViewer, input: CorrectScore) {
  if (viewer.role !== 'ADMIN') throw new NotAllowed('Only an administrator corrects scores.');
  if (/^-?0*(\.0*)?$/.test(input.amount)) {
    throw new InvalidInput('A correction is more or less than zero.', {
      path: ['input', 'amount'],
    });
  }
  const reason = input.reason.trim();
  if (reason === '')
    throw new InvalidInput('A correction needs a reason.', { path: ['input', 'reason'] });
  return transact(db, viewer, 'correctScore', input, async (tx) => {
    const [metric] = await readMetricStates(tx, [input.metricId]);
    if (!metric) throw new NotFound('There is no such metric.', { path: ['input', 'metricId'] });
    if (metric.retiredAt)
      throw new MetricRetired('This metric is retired.', { path: ['input', 'metricId'] });
    const member = await readMember(tx, input.memberId);
    if (!member) throw new NotFound('There is no such member.', { path: ['input', 'memberId'] });
    const countsAt = input.countsAt ?? tx.now;
    requireCalendarMoment(countsAt, 'countsAt');
    if (countsAt > tx.now) {
      throw new InvalidInput('A correction does not count in the future.', {
        path: ['input', 'countsAt'],
      });
    }
    const id = newId();
    const { metricId, memberId, amount } = input;
    insertCorrection(tx, id, reason);
    tx.event(scoreCorrected({ id, metricId, memberId, amount, countsAt }));
    return { id, memberId, metricId };
  });
}
