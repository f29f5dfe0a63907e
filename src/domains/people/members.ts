import { type CalendarDate, isCalendarDate } from '../../calendar/days.ts';
import type { Database } from '../../database/database.ts';
import { checkVersion, InvalidInput, WrongState } from '../../database/errors.ts';
import { newId } from '../../database/ids.ts';
import { transact } from '../../database/transact.ts';
import type { Tx } from '../../database/transaction.ts';
import type { DataScope, MemberViewer, Role } from '../../database/viewer.ts';
import { cleanName, cleanOptionalName } from '../organization/limits.ts';
import { requireAdmin } from '../organization/rules.ts';
import { lockOrganization } from '../organization/service.ts';
import { endTokensOf } from '../organization/tokens.ts';
import { savePassword } from './credentials-store.ts';
import { changeStay, lastChangeAt, lastStay, presentOf } from './dated-store.ts';
import { LastAdministrator } from './errors.ts';
import * as events from './events.ts';
import * as store from './members-store.ts';
import { type Member, NUMBER_LENGTH } from './model.ts';
import { momentOfMove } from './moment-of-move.ts';
import { hashPassword, randomPassword } from './password-hash.ts';
import { dataScopeFor, effectiveMoment } from './rules.ts';
import './scope.ts';
import { requireTeam } from './teams-store.ts';

interface Change {
  id: string;
  expectedVersion?: number | null;
  idempotencyKey?: string | null;
}

export interface CreateMember {
  employeeNumber: string;
  name: string;
  title?: string | null;
  /** YYYY-MM-DD. */
  hiredOn?: CalendarDate | null;
  /** Default: MEMBER. */
  role?: Role | null;
  /** Default: what goes with the role (ORGANIZATION, TEAM_TREE, OWN). */
  dataScope?: DataScope | null;
  teamId?: string | null;
  /** Since when the member belongs there, not in the future nor in a closed period. Default: now. */
  since?: Date | null;
  externalId?: string | null;
  /** Gives a random password, so that the member can sign in; default: false. */
  withPassword?: boolean | null;
  idempotencyKey?: string | null;
}

/**
 * Administrators only. `password` is to be changed at the first sign-in; null without `withPassword`, and when the
 * same idempotency key was used before.
 *
 * Throws NotAllowed, InvalidInput, AlreadyExists (employee number, external id), NotFound (team), PeriodClosed,
 * WrongState for an archived team.
 */
export async function createMember(db: Database, viewer: MemberViewer, input: CreateMember) {
  requireAdmin(viewer);
  const role = input.role ?? 'MEMBER';
  const fresh: Omit<Member, 'id'> = {
    version: 1,
    employeeNumber: cleanName(input.employeeNumber, 'employeeNumber', NUMBER_LENGTH),
    name: cleanName(input.name, 'name'),
    title: cleanOptionalName(input.title, 'title') ?? null,
    hiredOn: checkDay(input.hiredOn) ?? null,
    role,
    dataScope: dataScopeFor(role, input.dataScope),
    active: true,
    deactivatedAt: null,
    externalId: cleanOptionalName(input.externalId, 'externalId', NUMBER_LENGTH) ?? null,
  };
  const password = input.withPassword ? randomPassword() : null;
  const hash = password === null ? null : await hashPassword(db, password);
  const made = new Set<string>();
  const outcome = await transact(db, viewer, 'createMember', input, async (tx) => {
    const { closedBefore } = await lockOrganization(tx);
    const member: Member = { ...fresh, id: newId() };
    made.add(member.id);
    const bounds = { now: tx.now, closedBefore };
    const since = effectiveMoment(input.since, null, bounds, 'since');
    const team = input.teamId ? await requireLiveTeam(tx, input.teamId) : null;
    await store.insertMember(tx, member, since);
    if (team) await changeStay(tx, 'membership', member.id, null, team.id, since);
    if (hash !== null) await savePassword(tx, member.id, hash, true);
    tx.bumpRevision();
    tx.event(events.memberCreated(member, team?.id ?? null, since));
    return { id: member.id, version: member.version };
  });
  return { ...outcome, password: made.has(outcome.id) ? password : null };
}

async function requireLiveTeam(tx: Tx, id: string) {
  const team = await requireTeam(tx, id, 'team');
  if (team.archivedAt === null) return team;
  throw new WrongState('The team is archived.', {
    path: ['input', 'team'],
    data: { state: 'ARCHIVED' },
  });
}

function checkDay(day: string | null | undefined): string | null | undefined {
  if (day === null || day === undefined || isCalendarDate(day)) return day;
  throw new InvalidInput('hiredOn is an existing day of the years 1900 to 2200.', {
    path: ['input', 'hiredOn'],
  });
}

export interface UpdateMember extends Change {
  expectedVersion: number;
  employeeNumber?: string;
  name?: string;
  title?: string | null;
  hiredOn?: CalendarDate | null;
  externalId?: string | null;
}

/** Administrators only; undefined stays, null clears. Throws NotAllowed, InvalidInput, NotFound, Conflict, AlreadyExists. */
export function updateMember(db: Database, viewer: MemberViewer, input: UpdateMember) {
  requireAdmin(viewer);
  const { employeeNumber, name } = input;
  const wanted: Partial<Member> = {
    employeeNumber:
      employeeNumber === undefined
        ? undefined
        : cleanName(employeeNumber, 'employeeNumber', NUMBER_LENGTH),
    name: name === undefined ? undefined : cleanName(name, 'name'),
    title: cleanOptionalName(input.title, 'title'),
    hiredOn: checkDay(input.hiredOn),
    externalId: cleanOptionalName(input.externalId, 'externalId', NUMBER_LENGTH),
  };
  return changeMember(db, viewer, 'updateMember', input, async (tx, before) => {
    const changed = Object.entries(wanted).filter(
      ([field, value]) => value !== undefined && value !== before[field as keyof Member],
    );
    if (changed.length === 0) return before;
    const after = { ...before, ...Object.fromEntries(changed), version: before.version + 1 };
    await store.saveMember(tx, after);
    const names = changed.map(([field]) => field);
    tx.event(events.memberUpdated(after, names));
    return after;
  });
}

export interface MoveMember extends Change {
  /** Null: no team. */
  teamId: string | null;
  /** When it takes effect: not in the future, before the last move, nor in a closed period. Default: now. */
  effectiveAt?: Date | null;
}

/**
 * Administrators only. Scores that are earned from the effective moment on are the new team's; what was earned before
 * stays where it was. Throws NotAllowed, NotFound, Conflict, InvalidInput, BeforeLastChange, ScoredSince, PeriodClosed, WrongState.
 */
export function moveMember(db: Database, viewer: MemberViewer, input: MoveMember) {
  requireAdmin(viewer);
  return changeMember(db, viewer, 'moveMember', input, async (tx, before, closedBefore) => {
    const last = await lastStay(tx, 'membership', before.id);
    const from = presentOf(last);
    if (from === input.teamId) return before;
    const team = input.teamId === null ? null : await requireLiveTeam(tx, input.teamId);
    const earned = { byMember: before.id };
    const moment = await momentOfMove(
      tx,
      input.effectiveAt,
      lastChangeAt(last),
      closedBefore,
      earned,
    );
    const after = { ...before, version: before.version + 1 };
    await changeStay(tx, 'membership', before.id, last, team?.id ?? null, moment);
    await store.saveMember(tx, after);
    tx.bumpRevision();
    tx.event(events.memberMoved(after, from, team?.id ?? null, moment));
    return after;
  });
}

export interface SetRole extends Change {
  role: Role;
  /** Default: what goes with the role. */
  dataScope?: DataScope | null;
}

/** Administrators only. Throws NotAllowed, InvalidInput, NotFound, Conflict, LastAdministrator. */
export function setRole(db: Database, viewer: MemberViewer, input: SetRole) {
  requireAdmin(viewer);
  const { role } = input;
  const dataScope = dataScopeFor(role, input.dataScope);
  return changeMember(db, viewer, 'setRole', input, async (tx, before) => {
    if (before.role === role && before.dataScope === dataScope) return before;
    if (before.role === 'ADMIN' && role !== 'ADMIN') await requireOtherAdmin(tx, before);
    const after = { ...before, role, dataScope, version: before.version + 1 };
    await store.saveMember(tx, after);
    tx.bumpRevision();
    tx.event(events.memberRoleSet(before, after));
    return after;
  });
}

/**
 * Administrators only. The member can no longer sign in: sessions and API tokens end; leaderships end too. Records,
 * history, team and scores stay. Throws NotAllowed, NotFound, Conflict, WrongState, LastAdministrator.
 */
export function deactivateMember(db: Database, viewer: MemberViewer, input: Change) {
  requireAdmin(viewer);
  return changeMember(db, viewer, 'deactivateMember', input, async (tx, before) => {
    requireState(before, true);
    if (before.role === 'ADMIN') await requireOtherAdmin(tx, before);
    const after = { ...before, active: false, deactivatedAt: tx.now, version: before.version + 1 };
    await store.saveMember(tx, after);
    await endTokensOf(tx, before.id, ['SESSION', 'API']);
    tx.bumpRevision();
    tx.event(events.memberDeactivated(after));
    for (const teamId of await store.teamsLedBy(tx, before.id)) await endLeadership(tx, teamId);
    return after;
  });
}

async function endLeadership(tx: Tx, teamId: string): Promise<void> {
  const { id, version } = await requireTeam(tx, teamId, 'id');
  const last = await lastStay(tx, 'leadership', id);
  const moment = effectiveMoment(null, lastChangeAt(last), { now: tx.now, closedBefore: null }, '');
  await changeStay(tx, 'leadership', id, last, null, moment);
  await tx.run(
    tx
      .updateTable('team')
      .set({ version: version + 1 })
      .where('id', '=', id),
  );
  tx.event(events.teamLeaderChanged({ id, version: version + 1 }, presentOf(last), null, moment));
}

/** Administrators only. The member may sign in again, with the old password. Throws NotAllowed, NotFound, Conflict, WrongState. */
export function reactivateMember(db: Database, viewer: MemberViewer, input: Change) {
  requireAdmin(viewer);
  return changeMember(db, viewer, 'reactivateMember', input, async (tx, before) => {
    requireState(before, false);
    const after = { ...before, active: true, deactivatedAt: null, version: before.version + 1 };
    await store.saveMember(tx, after);
    tx.bumpRevision();
    tx.event(events.memberReactivated(after));
    return after;
  });
}

function requireState(member: Member, active: boolean): void {
  if (member.active === active) return;
  throw new WrongState(active ? 'The member is not active.' : 'The member is active.', {
    path: ['input', 'id'],
    data: { state: member.active ? 'ACTIVE' : 'INACTIVE' },
  });
}

async function requireOtherAdmin(tx: Tx, member: Member): Promise<void> {
  const isCounted = member.active && member.role === 'ADMIN';
  if (!isCounted || (await store.countOtherAdmins(tx, member.id)) > 0) return;
  throw new LastAdministrator('Somebody must stay administrator: make another one first.', {
    path: ['input', 'id'],
  });
}

/** Organization first, then the member: so that two changes of rights or teams never cross. */
function changeMember(
  db: Database,
  viewer: MemberViewer,
  mutation: string,
  input: Change,
  work: (tx: Tx, before: Member, closedBefore: Date | null) => Promise<Member>,
) {
  return transact(db, viewer, mutation, input, async (tx) => {
    const { closedBefore } = await lockOrganization(tx);
    const before = await store.requireMember(tx, input.id, 'id');
    checkVersion('Member', before, input.expectedVersion);
    const { id, version } = await work(tx, before, closedBefore);
    return { id, version };
  });
}
