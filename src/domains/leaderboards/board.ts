import type { CalendarSettings } from '../../calendar/settings.ts';
import type { PeriodUnit } from '../../calendar/units.ts';
import type { Connection } from '../../database/statements.ts';
import type { Role } from '../../database/viewer.ts';
import { readVersions, type VersionState } from '../../metrics/store.ts';
import { type BoardRow, readBoardRows } from './store.ts';

/** What a board adds up: a metric's value, or percent of the contestant's target, times a weight. */
export interface BoardMeasure {
  metricId: string;
  metricKey: string;
  metricName: string;
  kind: 'VALUE' | 'PERCENT_OF_TARGET';
  weight: string;
  /** The version that counts; null while the first one is being built. */
  version: VersionState | null;
}

/** A leaderboard with all that its standings depend on. */
export interface Board {
  id: string;
  organizationId: string;
  version: number;
  name: string;
  contestants: 'MEMBERS' | 'TEAMS';
  scopeTeamId: string | null;
  teams: 'AS_IT_WAS' | 'AS_IT_IS';
  teamDepth: number;
  periodUnit: PeriodUnit;
  ranking: 'STANDARD' | 'DENSE' | 'ORDINAL';
  tieBreak: 'FIRST_TO_REACH' | 'SECOND_MEASURE' | 'NONE';
  audience: 'ORGANIZATION' | 'SCOPE_TEAM' | 'CONTESTANTS' | 'ROLES';
  audienceRoles: Role[];
  values: 'FULL' | 'PROGRESS' | 'RANK_ONLY';
  names: 'FULL' | 'MASKED';
  competingRoles: Role[];
  showZero: boolean;
  archivedAt: Date | null;
  measures: BoardMeasure[];
  calendar: CalendarSettings;
  currency: string;
}

/** Boards of an organization by id, in no order; unknown and foreign ids are left out. Null: all that are not archived. */
export async function loadBoards(
  connection: Connection,
  organizationId: string,
  ids: readonly string[] | null,
): Promise<Board[]> {
  const rows = await readBoardRows(connection, organizationId, ids);
  const metricIds = [
    ...new Set(rows.flatMap(({ measures }) => measures.map(({ metricId }) => metricId))),
  ];
  const versions =
    metricIds.length > 0 ? await readVersions(connection, organizationId, metricIds) : [];
  return rows.map((row) => toBoard(row, versions));
}

export async function loadBoard(
  connection: Connection,
  organizationId: string,
  id: string,
): Promise<Board | null> {
  const [board] = await loadBoards(connection, organizationId, [id]);
  return board ?? null;
}

function toBoard(row: BoardRow, versions: readonly VersionState[]): Board {
  const { timeZone, firstDayOfWeek, fiscalMonthEnd, fiscalYearStartMonth, earlier, ...rest } = row;
  const { measures, ...board } = rest;
  return {
    ...board,
    calendar: { timeZone, firstDayOfWeek, fiscalMonthEnd, fiscalYearStartMonth, earlier },
    measures: measures.map((measure) => ({
      ...measure,
      version:
        versions.find(
          ({ metricId, state }) => metricId === measure.metricId && state === 'ACTIVE',
        ) ?? null,
    })),
  };
}

/** While a metric's first version is being built there are no figures, rather than wrong ones. */
export const isBuilding = (board: Board): boolean =>
  board.measures.some(({ version }) => version === null);
