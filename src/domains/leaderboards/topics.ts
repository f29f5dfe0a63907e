import type { LoggedEvent } from '../../events/logged-event.ts';
import { effectOf } from '../../metrics/definition.ts';
import { CORRECTED } from '../../metrics/ledger.ts';
import type { Board } from './board.ts';

/** Whether an event makes, changes or takes back scores of a board. */
export function scoresOn(board: Board, event: LoggedEvent): boolean {
  if (event.type === CORRECTED) {
    return board.measures.some(({ metricId }) => metricId === event.payload.metricId);
  }
  return board.measures.some(
    ({ version }) => version && effectOf(version.definition, event.type) !== null,
  );
}

/** Whether an event may change what a board shows: scores, contestants, targets, or the board itself. */
export function concernsBoard(board: Board, event: LoggedEvent): boolean {
  if (event.recordId === board.id || event.type === 'organization.updated') return true;
  // Members and teams are who competes and who may watch; a token that was revoked may be the one that watches.
  if (event.recordType === 'Member' || event.recordType === 'Team') return true;
  if (event.type === 'token.revoked') return true;
  if (event.recordType === 'Metric')
    return board.measures.some(({ metricId }) => metricId === event.recordId);
  if (event.type === 'target.set') {
    return board.measures.some(({ metricId }) => metricId === event.payload.metricId);
  }
  return scoresOn(board, event);
}
