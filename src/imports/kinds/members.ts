import type { DataScope, Role } from '../../database/viewer.ts';
import { createMember, moveMember, setRole, updateMember } from '../../domains/people/members.ts';
import { MAX_NAME } from '../line-reader.ts';
import type { MemberSource } from '../model.ts';
import { freeNumber, MAX_NUMBER, presentMember } from '../people-store.ts';
import type { Importer } from '../pipeline.ts';
import type { RowOutcome } from '../ports.ts';
import { inTransaction, type Session } from '../session.ts';

const ROLES: readonly Role[] = ['ADMIN', 'MANAGER', 'MEMBER'];
const SCOPES: readonly DataScope[] = ['OWN', 'TEAM', 'TEAM_TREE', 'ORGANIZATION'];
const NUMBERS = { prefix: 'M', digits: 4 };

interface MemberRow {
  externalId: string;
  /** Undefined: made for a new member, left to others. */
  employeeNumber: string | undefined;
  numbers: { prefix: string; digits: number };
  name: string;
  title: string | null | undefined;
  hiredOn: string | null | undefined;
  role: Role | null | undefined;
  dataScope: DataScope | null | undefined;
  teamId: string | null | undefined;
}

export const members: Importer<MemberSource, MemberRow> = {
  kind: 'members',
  values: (source) => [
    source.externalId,
    source.name,
    source.employeeNumber,
    source.title,
    source.hiredOn,
    source.role,
    source.dataScope,
    source.team,
  ],
  externalId: (source) => source.externalId,
  read(line, source) {
    const row = {
      externalId: line.required(source.externalId, MAX_NUMBER),
      employeeNumber: source.employeeNumber && line.required(source.employeeNumber, MAX_NUMBER),
      numbers: source.employeeNumbers ?? NUMBERS,
      name: line.required(source.name, MAX_NAME),
      title: line.text(source.title, MAX_NAME),
      hiredOn: line.day(source.hiredOn),
      role: line.choice(source.role, ROLES),
      dataScope: line.choice(source.dataScope, SCOPES),
    };
    const team = line.reference('team', source.team);
    return {
      externalId: row.externalId,
      references: [team],
      complete: ({ idOf }) => ({ ...row, teamId: idOf(team) }),
      says: [row, team?.text],
    };
  },
  write: { row: writeMember },
  after: (session, { role, name }, id) => {
    if (role === 'MEMBER' || !role) session.sellers.set(id, name);
  },
};

async function writeMember(session: Session, row: MemberRow): Promise<RowOutcome> {
  const { db, viewer, membersFrom } = session;
  const { employeeNumber, numbers, role, dataScope, teamId, ...fields } = row;
  const before = await inTransaction(session, (tx) => presentMember(tx, row.externalId));
  if (!before) {
    const number = employeeNumber ?? (await nextNumber(session, numbers));
    const made = { ...fields, employeeNumber: number, role, dataScope, teamId };
    const { id } = await createMember(db, viewer, { ...made, since: membersFrom });
    return { outcome: 'CREATED', id };
  }
  const { id, version } = before;
  let last = await updateMember(db, viewer, {
    ...fields,
    id,
    expectedVersion: version,
    ...(employeeNumber !== undefined && { employeeNumber }),
  });
  if (role || dataScope) {
    const wanted = { role: role ?? before.role, dataScope: dataScope ?? before.dataScope };
    last = await setRole(db, viewer, { id, ...wanted });
  }
  if (teamId !== undefined) {
    // Who never had a team belongs there from `membersFrom` on; who is moved, from now on.
    const effectiveAt = before.hadTeam ? null : membersFrom;
    last = await moveMember(db, viewer, { id, teamId, effectiveAt });
  }
  return { outcome: last.version === version ? 'UNCHANGED' : 'UPDATED', id };
}

/** Numbers are given in the order of the file, whatever was there before. */
async function nextNumber(session: Session, numbers: MemberRow['numbers']): Promise<string> {
  const { numbersFrom } = session;
  const from = numbersFrom.get(numbers.prefix) ?? 1;
  const free = await inTransaction(session, (tx) => freeNumber(tx, numbers, from));
  numbersFrom.set(numbers.prefix, free.number + 1);
  return free.employeeNumber;
}
