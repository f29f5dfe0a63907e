// How the people of an organization stand now, for an import that brings them up to date. Only read.
import type { Tx } from '../database/transaction.ts';
import type { DataScope, Role } from '../database/viewer.ts';

/** Most characters of an external id of a team or member, and of an employee number. */
export const MAX_NUMBER = 64;

export interface PresentTeam {
  id: string;
  version: number;
  /** Ever. */
  hadParent: boolean;
  hadLeader: boolean;
}

export async function presentTeam(tx: Tx, externalId: string): Promise<PresentTeam | null> {
  const [team] = await tx.text<PresentTeam>(
    `SELECT t.id, t.version,
       EXISTS (SELECT FROM team_parentage p WHERE p.organization_id = $1 AND p.team_id = t.id) AS had_parent,
       EXISTS (SELECT FROM team_leadership l WHERE l.organization_id = $1 AND l.team_id = t.id) AS had_leader
     FROM team t WHERE t.organization_id = $1 AND t.external_id = $2`,
    [tx.organizationId, externalId],
  );
  return team ?? null;
}

export interface PresentMember {
  id: string;
  version: number;
  role: Role;
  dataScope: DataScope;
  /** Whether the member ever belonged to a team. */
  hadTeam: boolean;
}

export async function presentMember(tx: Tx, externalId: string): Promise<PresentMember | null> {
  const [member] = await tx.text<PresentMember>(
    `SELECT m.id, m.version, m.role, m.data_scope,
       EXISTS (SELECT FROM membership s WHERE s.organization_id = $1 AND s.member_id = m.id) AS had_team
     FROM member m WHERE m.organization_id = $1 AND m.external_id = $2`,
    [tx.organizationId, externalId],
  );
  return member ?? null;
}

const CANDIDATES = 100;

/** The first number of a sequence, from `from` on, that nobody has: `A001` is number 1. */
export async function freeNumber(
  tx: Tx,
  { prefix, digits }: { prefix: string; digits: number },
  from: number,
): Promise<{ number: number; employeeNumber: string }> {
  for (let first = from; ; first += CANDIDATES) {
    const candidates = Array.from({ length: CANDIDATES }, (_, at) => ({
      number: first + at,
      employeeNumber: prefix + String(first + at).padStart(digits, '0'),
    }));
    const taken = await tx.text<{ employeeNumber: string }>(
      'SELECT employee_number FROM member WHERE organization_id = $1 AND employee_number = ANY ($2)',
      [tx.organizationId, candidates.map(({ employeeNumber }) => employeeNumber)],
    );
    const names = new Set(taken.map(({ employeeNumber }) => employeeNumber));
    const free = candidates.find(({ employeeNumber }) => !names.has(employeeNumber));
    if (free) return free;
  }
}
