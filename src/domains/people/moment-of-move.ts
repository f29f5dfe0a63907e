import type { Tx } from '../../database/transaction.ts';
import { lastScoreAt } from '../../metrics/store.ts';
import { lockHead } from '../organization/service.ts';
import { clockOf } from './dated-store.ts';
import { ScoredSince } from './errors.ts';
import { effectiveMoment } from './rules.ts';

/**
 * From when a move to another team, or of a team, holds. Takes the organization's head first, so that nothing can
 * score meanwhile: what was scored before counts before the move, and what comes after is placed by it.
 *
 * Throws ScoredSince when it is dated back over a score, and what `effectiveMoment` throws.
 */
export async function momentOfMove(
  tx: Tx,
  wanted: Date | null | undefined,
  last: Date | null,
  closedBefore: Date | null,
  earned: Parameters<typeof lastScoreAt>[1],
): Promise<Date> {
  await lockHead(tx);
  if (!wanted) {
    // The transaction's own time may be before that of a score that was committed while it waited for the head.
    const now = await clockOf(tx);
    return effectiveMoment(null, last, { now, closedBefore }, 'effectiveAt');
  }
  const moment = effectiveMoment(wanted, last, { now: tx.now, closedBefore }, 'effectiveAt');
  const score = await lastScoreAt(tx, earned);
  if (!score || score < moment) return moment;
  throw new ScoredSince(
    `A score counts at ${score.toISOString()} for the team that it was earned in: date the move after it.`,
    { path: ['input', 'effectiveAt'], data: { lastScoreAt: score.toISOString() } },
  );
}
