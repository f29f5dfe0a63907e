import type { Database } from '../../database/database.ts';
import type { Viewer } from '../../database/viewer.ts';
import type { Board } from './board.ts';
import { belongsTo } from './store.ts';

/**
 * Who may watch a board sees every row of it, whatever their data scope; `entries` stay inside the data scope.
 * Administrators may watch all boards, a display those that its token names.
 */
export async function mayWatch(db: Database, viewer: Viewer, board: Board): Promise<boolean> {
  if (viewer.organizationId !== board.organizationId) return false;
  if (viewer.kind === 'display') return viewer.leaderboardIds.has(board.id) && !board.archivedAt;
  if (viewer.role === 'ADMIN') return true;
  switch (board.audience) {
    case 'ORGANIZATION':
      return true;
    case 'ROLES':
      return board.audienceRoles.includes(viewer.role);
    case 'SCOPE_TEAM':
      return inScope(db, viewer.memberId, board);
    case 'CONTESTANTS':
      return (
        board.competingRoles.includes(viewer.role) && (await inScope(db, viewer.memberId, board))
      );
    default:
      return false;
  }
}

const inScope = (db: Database, memberId: string, board: Board): Promise<boolean> =>
  board.scopeTeamId
    ? belongsTo(db.pool, board.organizationId, memberId, board.scopeTeamId)
    : Promise.resolve(true);
