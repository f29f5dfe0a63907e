import { AlreadyExists, NotFound } from '../../database/errors.ts';
import { brokenConstraint } from '../../database/transact.ts';
import type { Tx } from '../../database/transaction.ts';
import type { Member } from './model.ts';

const COLUMNS =
  'id, version, employee_number, name, title, hired_on, role, data_scope, active, deactivated_at, external_id';

/** The member, locked. Throws NotFound for unknown ids and those of other organizations. */
export async function requireMember(tx: Tx, id: string, field: string): Promise<Member> {
  const [member] = await tx.text<Member>(
    `SELECT ${COLUMNS} FROM member WHERE organization_id = $1 AND id = $2 FOR NO KEY UPDATE`,
    [tx.organizationId, id],
  );
  if (!member) throw new NotFound('There is no such member.', { path: ['input', field] });
  return member;
}

/** Throws AlreadyExists when the employee number or the external id is taken. */
export async function insertMember(tx: Tx, member: Member, createdAt: Date): Promise<void> {
  await naming(member, () => tx.run(tx.insertInto('member', [{ ...member, createdAt }])));
}

/** Throws AlreadyExists when the employee number or the external id is taken. */
export async function saveMember(tx: Tx, member: Member): Promise<void> {
  const { id, ...row } = member;
  await naming(member, () => tx.run(tx.updateTable('member').set(row).where('id', '=', id)));
}

async function naming(member: Member, write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    const constraint = brokenConstraint(error);
    if (constraint === 'member_organization_id_employee_number_key') {
      throw new AlreadyExists(`The employee number ${member.employeeNumber} is taken.`, {
        path: ['input', 'employeeNumber'],
      });
    }
    if (constraint === 'member_organization_id_external_id_key') {
      throw new AlreadyExists(`The external id ${member.externalId} is taken.`, {
        path: ['input', 'externalId'],
      });
    }
    throw error;
  }
}

/** Active administrators beside this member. The organization must be locked, or the count is no guarantee. */
export async function countOtherAdmins(tx: Tx, memberId: string): Promise<number> {
  const [row] = await tx.text<{ count: number }>(
    `SELECT count(*) AS count FROM member
     WHERE organization_id = $1 AND id <> $2 AND active AND role = 'ADMIN'`,
    [tx.organizationId, memberId],
  );
  return row?.count ?? 0;
}

/** Which teams the member leads now, by id. */
export async function teamsLedBy(tx: Tx, memberId: string): Promise<string[]> {
  const rows = await tx.text<{ teamId: string }>(
    `SELECT team_id FROM team_leadership
     WHERE organization_id = $1 AND member_id = $2 AND until IS NULL ORDER BY team_id`,
    [tx.organizationId, memberId],
  );
  return rows.map((row) => row.teamId);
}
