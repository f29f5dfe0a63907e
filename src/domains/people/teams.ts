import type { Database } from '../../database/database.ts';
import { checkVersion, WrongState } from '../../database/errors.ts';
import { newId } from '../../database/ids.ts';
import { transact } from '../../database/transact.ts';
import type { Tx } from '../../database/transaction.ts';
import type { MemberViewer } from '../../database/viewer.ts';
import { cleanName, cleanOptionalName } from '../organization/limits.ts';
import { requireAdmin } from '../organization/rules.ts';
import { lockOrganization } from '../organization/service.ts';
import { changeStay, lastChangeAt, lastStay, presentOf } from './dated-store.ts';
import { TeamCycle, TeamTreeTooDeep } from './errors.ts';
import * as events from './events.ts';
import { requireMember } from './members-store.ts';
import { MAX_TEAM_DEPTH, NUMBER_LENGTH, type Team } from './model.ts';
import { momentOfMove } from './moment-of-move.ts';
import { effectiveMoment } from './rules.ts';
import './scope.ts';
import * as store from './teams-store.ts';

export interface CreateTeam {
  name: string;
  /** Null: a root. */
  parentId?: string | null;
  leaderId?: string | null;
  externalId?: string | null;
  /** Since when the team exists, with this parent and leader: not in the future nor in a closed period. Default: now. */
  since?: Date | null;
  idempotencyKey?: string | null;
}

/** Administrators only. Throws NotAllowed, InvalidInput, NotFound, AlreadyExists, PeriodClosed, WrongState, TeamTreeTooDeep. */
export function createTeam(db: Database, viewer: MemberViewer, input: CreateTeam) {
  requireAdmin(viewer);
  const name = cleanName(input.name, 'name');
  const externalId = cleanOptionalName(input.externalId, 'externalId', NUMBER_LENGTH) ?? null;
  return transact(db, viewer, 'createTeam', input, async (tx) => {
    const { closedBefore } = await lockOrganization(tx);
    const bounds = { now: tx.now, closedBefore };
    const since = effectiveMoment(input.since, null, bounds, 'since');
    const team: Team = { id: newId(), version: 1, name, externalId, archivedAt: null };
    const parent = input.parentId ? await requireParent(tx, input.parentId, 0) : null;
    const leader = input.leaderId ? await requireLeader(tx, input.leaderId) : null;
    await store.insertTeam(tx, team, since);
    if (parent) await changeStay(tx, 'parentage', team.id, null, parent.id, since);
    if (leader) await changeStay(tx, 'leadership', team.id, null, leader.id, since);
    if (parent || leader) tx.bumpRevision();
    const [parentId, leaderId] = [parent?.id ?? null, leader?.id ?? null];
    tx.event(events.teamCreated(team, { parentId, leaderId, from: since }));
    return { id: team.id, version: team.version };
  });
}

/** A team that may take another below it, which itself has `height` levels below. */
async function requireParent(tx: Tx, id: string, height: number): Promise<Team> {
  const parent = await store.requireTeam(tx, id, 'parent');
  requireLive(parent, 'parent');
  if ((await store.depthOf(tx, id)) + 1 + height > MAX_TEAM_DEPTH) {
    throw new TeamTreeTooDeep(`Teams stand at most ${MAX_TEAM_DEPTH} deep.`, {
      path: ['input', 'parent'],
      data: { limit: MAX_TEAM_DEPTH },
    });
  }
  return parent;
}

async function requireLeader(tx: Tx, id: string) {
  const leader = await requireMember(tx, id, 'leader');
  if (leader.active) return leader;
  throw new WrongState('Only an active member leads a team.', {
    path: ['input', 'leader'],
    data: { state: 'INACTIVE' },
  });
}

function requireLive(team: Team, field: string): void {
  if (team.archivedAt === null) return;
  throw new WrongState('The team is archived.', {
    path: ['input', field],
    data: { state: 'ARCHIVED' },
  });
}

export interface UpdateTeam {
  id: string;
  expectedVersion: number;
  name?: string;
  /** Null: nobody leads it. */
  leaderId?: string | null;
  /** When the new leader took over: not in the future, before the last change, nor in a closed period. Default: now. */
  leaderSince?: Date | null;
  externalId?: string | null;
  /** An archived team has no members and no teams below; its history stays. */
  archived?: boolean;
  idempotencyKey?: string | null;
}

/**
 * Administrators only; undefined stays, null clears.
 * Throws NotAllowed, InvalidInput, NotFound, Conflict, AlreadyExists, WrongState, BeforeLastChange, PeriodClosed.
 */
export function updateTeam(db: Database, viewer: MemberViewer, input: UpdateTeam) {
  requireAdmin(viewer);
  const name = input.name === undefined ? undefined : cleanName(input.name, 'name');
  const externalId = cleanOptionalName(input.externalId, 'externalId', NUMBER_LENGTH);
  return transact(db, viewer, 'updateTeam', input, async (tx) => {
    const { closedBefore } = await lockOrganization(tx);
    const before = await store.requireTeam(tx, input.id, 'id');
    checkVersion('Team', before, input.expectedVersion);
    const after: Team = {
      ...before,
      version: before.version + 1,
      name: name ?? before.name,
      externalId: externalId === undefined ? before.externalId : externalId,
      archivedAt: await archivedAt(tx, before, input.archived),
    };
    const changed = (['name', 'externalId', 'archivedAt'] as const).filter(
      (field) => after[field] !== before[field],
    );
    if (changed.length > 0) tx.event(events.teamUpdated(after, changed));
    const isLed = await changeLeader(tx, after, input, closedBefore);
    if (changed.length === 0 && !isLed) return { id: before.id, version: before.version };
    await store.saveTeam(tx, after);
    return { id: after.id, version: after.version };
  });
}

async function archivedAt(tx: Tx, team: Team, archived: boolean | undefined): Promise<Date | null> {
  if (archived === undefined || archived === (team.archivedAt !== null)) return team.archivedAt;
  if (!archived) return null;
  if (!(await store.isUsed(tx, team.id))) return tx.now;
  throw new WrongState('A team with members or with teams below it cannot be archived.', {
    path: ['input', 'archived'],
    data: { state: 'IN_USE' },
  });
}

/** Whether the leader changed. */
async function changeLeader(
  tx: Tx,
  team: Team,
  { leaderId, leaderSince }: UpdateTeam,
  closedBefore: Date | null,
): Promise<boolean> {
  if (leaderId === undefined) return false;
  const last = await lastStay(tx, 'leadership', team.id);
  const before = presentOf(last);
  if (before === leaderId) return false;
  const leader = leaderId === null ? null : await requireLeader(tx, leaderId);
  const bounds = { now: tx.now, closedBefore };
  const moment = effectiveMoment(leaderSince, lastChangeAt(last), bounds, 'leaderSince');
  await changeStay(tx, 'leadership', team.id, last, leader?.id ?? null, moment);
  tx.bumpRevision();
  tx.event(events.teamLeaderChanged(team, before, leader?.id ?? null, moment));
  return true;
}

export interface MoveTeam {
  id: string;
  /** Null: becomes a root. */
  parentId: string | null;
  /** When it takes effect: not in the future, before the last move, nor in a closed period. Default: now. */
  effectiveAt?: Date | null;
  expectedVersion?: number | null;
  idempotencyKey?: string | null;
}

/**
 * Administrators only. The whole tree below moves along. That no team comes under itself is guaranteed by the lock on
 * the organization, under which the way up is read.
 *
 * Throws NotAllowed, NotFound, Conflict, InvalidInput, BeforeLastChange, PeriodClosed, WrongState, TeamCycle,
 * TeamTreeTooDeep.
 */
export function moveTeam(db: Database, viewer: MemberViewer, input: MoveTeam) {
  requireAdmin(viewer);
  return transact(db, viewer, 'moveTeam', input, async (tx) => {
    const { closedBefore } = await lockOrganization(tx);
    const before = await store.requireTeam(tx, input.id, 'id');
    checkVersion('Team', before, input.expectedVersion);
    const last = await lastStay(tx, 'parentage', before.id);
    const from = presentOf(last);
    if (from === input.parentId) return { id: before.id, version: before.version };
    const earned = { inTeam: before.id };
    const moment = await momentOfMove(
      tx,
      input.effectiveAt,
      lastChangeAt(last),
      closedBefore,
      earned,
    );
    if (input.parentId !== null) await requireNoCycle(tx, before, input.parentId, moment);
    const after = { ...before, version: before.version + 1 };
    await changeStay(tx, 'parentage', before.id, last, input.parentId, moment);
    await store.saveTeam(tx, after);
    tx.bumpRevision();
    tx.event(events.teamMoved(after, from, input.parentId, moment));
    return { id: after.id, version: after.version };
  });
}

async function requireNoCycle(tx: Tx, team: Team, parentId: string, moment: Date): Promise<void> {
  await requireParent(tx, parentId, await store.heightOf(tx, team.id));
  if (!(await store.ancestorsSince(tx, parentId, moment)).has(team.id)) return;
  throw new TeamCycle('A team cannot come under itself or one that is below it.', {
    path: ['input', 'parent'],
  });
}
