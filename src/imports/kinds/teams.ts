import { createTeam, moveTeam, updateTeam } from '../../domains/people/teams.ts';
import { MAX_NAME } from '../line-reader.ts';
import type { TeamSource } from '../model.ts';
import { MAX_NUMBER, type PresentTeam, presentTeam } from '../people-store.ts';
import type { Importer } from '../pipeline.ts';
import type { RowOutcome } from '../ports.ts';
import { inTransaction, type Session } from '../session.ts';

interface TeamRow {
  externalId: string;
  name: string;
  parentId: string | null | undefined;
}

export const teams: Importer<TeamSource, TeamRow> = {
  kind: 'teams',
  // Leaders are members, who are imported after the teams: see leaders.ts.
  values: (source) => [source.externalId, source.name, source.parent],
  externalId: (source) => source.externalId,
  read(line, source) {
    const externalId = line.required(source.externalId, MAX_NUMBER);
    const name = line.required(source.name, MAX_NAME);
    const parent = line.reference('team', source.parent);
    return {
      externalId,
      references: [parent],
      complete: ({ idOf }) => ({ externalId, name, parentId: idOf(parent) }),
      says: [name, parent?.text],
    };
  },
  write: { row: writeTeam },
};

async function writeTeam(session: Session, row: TeamRow): Promise<RowOutcome> {
  const { db, viewer, membersFrom } = session;
  const before = await inTransaction(session, (tx) => presentTeam(tx, row.externalId));
  if (!before) {
    const { id } = await createTeam(db, viewer, { ...row, since: membersFrom });
    return { outcome: 'CREATED', id };
  }
  const { id, version } = before;
  const renamed = await updateTeam(db, viewer, { id, expectedVersion: version, name: row.name });
  const moved =
    row.parentId === undefined
      ? renamed
      : await moveTeam(db, viewer, { id, parentId: row.parentId, ...placement(session, before) });
  return { outcome: moved.version === version ? 'UNCHANGED' : 'UPDATED', id };
}

/** A team that never had a parent has it from `membersFrom` on; one that is moved, from now on. */
const placement = ({ membersFrom }: Session, { hadParent }: PresentTeam) => ({
  effectiveAt: hadParent ? null : membersFrom,
});
