import { InvalidInput } from '../../database/errors.ts';
import type { BoardColumns } from './store.ts';

export const MAX_MEASURES = 5;
export const MAX_BOARDS = 500;

export interface MeasureInput {
  metricId: string;
  kind?: 'VALUE' | 'PERCENT_OF_TARGET' | null;
  /** Decimal; default 1. */
  weight?: string | null;
}

export interface MeasureRow {
  metricId: string;
  kind: 'VALUE' | 'PERCENT_OF_TARGET';
  weight: string;
}

/** What a board is unless its creator says otherwise. */
export const BOARD_DEFAULTS: Omit<BoardColumns, 'name' | 'periodUnit'> = {
  contestants: 'MEMBERS',
  scopeTeamId: null,
  teams: 'AS_IT_WAS',
  teamDepth: 1,
  ranking: 'STANDARD',
  tieBreak: 'FIRST_TO_REACH',
  audience: 'ORGANIZATION',
  audienceRoles: [],
  values: 'FULL',
  names: 'FULL',
  competingRoles: ['MEMBER'],
  showZero: true,
};

/** Whether the settings of a board fit together. */
export function checkBoard(board: BoardColumns, measures: readonly MeasureRow[]): void {
  if (measures.length < 1 || measures.length > MAX_MEASURES) {
    throw new InvalidInput(`A leaderboard has 1 to ${MAX_MEASURES} measures.`, {
      path: ['input', 'measures'],
    });
  }
  if (new Set(measures.map(({ metricId }) => metricId)).size < measures.length) {
    throw new InvalidInput('A leaderboard names each metric once.', {
      path: ['input', 'measures'],
    });
  }
  if (board.tieBreak === 'SECOND_MEASURE' && measures.length < 2) {
    throw new InvalidInput(
      'SECOND_MEASURE needs a second measure; give it weight 0 if only ties look at it.',
      {
        path: ['input', 'tieBreak'],
      },
    );
  }
  if (board.audience === 'ROLES' && board.audienceRoles.length === 0) {
    throw new InvalidInput('An audience of ROLES names at least one role.', {
      path: ['input', 'audienceRoles'],
    });
  }
  if (board.contestants === 'MEMBERS' && board.competingRoles.length === 0) {
    throw new InvalidInput('At least one role competes.', { path: ['input', 'competingRoles'] });
  }
  if (board.audience === 'SCOPE_TEAM' && !board.scopeTeamId) {
    throw new InvalidInput('An audience of SCOPE_TEAM needs a scope.', {
      path: ['input', 'audience'],
    });
  }
  if (board.teamDepth < 1 || board.teamDepth > 10) {
    throw new InvalidInput('teamDepth is 1 to 10.', { path: ['input', 'teamDepth'] });
  }
}

export const measureRows = (inputs: readonly MeasureInput[]): MeasureRow[] =>
  inputs.map(({ metricId, kind, weight }) => ({
    metricId,
    kind: kind ?? 'VALUE',
    weight: weight ?? '1',
  }));
