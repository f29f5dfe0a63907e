import type { Connection } from '../../database/statements.ts';
import { runText } from '../../database/statements.ts';
import type { Tx } from '../../database/transaction.ts';
import type { DataScope, Role } from '../../database/viewer.ts';

export interface Identity {
  organizationId: string;
  organizationKey: string;
  memberId: string;
  employeeNumber: string;
  role: Role;
  dataScope: DataScope;
  active: boolean;
  revision: number;
  passwordHash: string | null;
  mustChange: boolean;
}

const IDENTITY = `SELECT m.organization_id, o.key AS organization_key, m.id AS member_id, m.employee_number, m.role,
  m.data_scope, m.active, h.revision, c.password_hash, coalesce(c.must_change, false) AS must_change
FROM member m JOIN organization o ON o.id = m.organization_id
JOIN log_head h ON h.organization_id = m.organization_id
LEFT JOIN credential c ON c.member_id = m.id`;

/** Who signs in by this name; null when nobody has it. */
export async function findIdentity(
  connection: Connection,
  organizationKey: string,
  employeeNumber: string,
): Promise<Identity | null> {
  const [identity] = await runText<Identity>(
    connection,
    `/* people.identity */ ${IDENTITY} WHERE o.key = $1 AND m.employee_number = $2`,
    [organizationKey, employeeNumber],
  );
  return identity ?? null;
}

export async function readIdentity(
  connection: Connection,
  organizationId: string,
  memberId: string,
): Promise<Identity | null> {
  const [identity] = await runText<Identity>(
    connection,
    `${IDENTITY} WHERE m.organization_id = $1 AND m.id = $2`,
    [organizationId, memberId],
  );
  return identity ?? null;
}

/** The password's hash, locked; null when the member has none. */
export async function lockPassword(tx: Tx, memberId: string): Promise<string | null> {
  const row = await tx.first(
    tx
      .selectFrom('credential')
      .select('passwordHash')
      .where('memberId', '=', memberId)
      .forNoKeyUpdate(),
  );
  return row?.passwordHash ?? null;
}

export async function savePassword(
  tx: Tx,
  memberId: string,
  passwordHash: string,
  mustChange: boolean,
): Promise<void> {
  const values = { passwordHash, mustChange, changedAt: tx.now };
  await tx.run(
    tx
      .insertInto('credential', [{ memberId, ...values }])
      .onConflict((conflict) => conflict.column('memberId').doUpdateSet(values)),
  );
}
