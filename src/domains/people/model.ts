import type { DataScope, Role } from '../../database/viewer.ts';

export interface Member {
  id: string;
  version: number;
  employeeNumber: string;
  name: string;
  title: string | null;
  /** A day, YYYY-MM-DD. */
  hiredOn: string | null;
  role: Role;
  dataScope: DataScope;
  active: boolean;
  deactivatedAt: Date | null;
  externalId: string | null;
}

export interface Team {
  id: string;
  version: number;
  name: string;
  externalId: string | null;
  archivedAt: Date | null;
}

/** Most characters of an employee number and of an external id. */
export const NUMBER_LENGTH = 64;
/** Most teams on the way from a team to its root, both counted. */
export const MAX_TEAM_DEPTH = 30;

export const PASSWORD_MIN = 10;
export const PASSWORD_MAX = 200;

/** What a role sees unless it is said otherwise. */
export const DEFAULT_DATA_SCOPE: Record<Role, DataScope> = {
  ADMIN: 'ORGANIZATION',
  MANAGER: 'TEAM_TREE',
  MEMBER: 'OWN',
};
