import type { EventDraft } from '../../database/event-draft.ts';
import type { Member, Team } from './model.ts';

// Who works here, and in which team, is everybody's to know.
const EVERYBODY = { before: null, after: null };

function onRecord(
  recordType: 'Team' | 'Member',
  type: string,
  { id, version }: { id: string; version: number },
  payload: EventDraft['payload'],
): EventDraft {
  return {
    type,
    version: 1,
    recordType,
    recordId: id,
    recordVersion: version,
    payload,
    visibility: EVERYBODY,
  };
}

export const teamCreated = (
  team: Team,
  { parentId, leaderId, from }: { parentId: string | null; leaderId: string | null; from: Date },
): EventDraft =>
  onRecord('Team', 'team.created', team, { parentId, leaderId, from: from.toISOString() });

/** `changed` names the fields: names are personal or at least people's own text. */
export const teamUpdated = (team: Team, changed: readonly string[]): EventDraft =>
  onRecord('Team', 'team.updated', team, { changed: [...changed] });

export const teamMoved = (
  team: Team,
  parentBefore: string | null,
  parentAfter: string | null,
  from: Date,
): EventDraft =>
  onRecord('Team', 'team.moved', team, { parentBefore, parentAfter, from: from.toISOString() });

export const teamLeaderChanged = (
  team: { id: string; version: number },
  leaderBefore: string | null,
  leaderAfter: string | null,
  from: Date,
): EventDraft =>
  onRecord('Team', 'team.leader_changed', team, {
    leaderBefore,
    leaderAfter,
    from: from.toISOString(),
  });

export const memberCreated = (member: Member, teamId: string | null, from: Date): EventDraft =>
  onRecord('Member', 'member.created', member, {
    teamId,
    role: member.role,
    dataScope: member.dataScope,
    from: from.toISOString(),
  });

export const memberUpdated = (member: Member, changed: readonly string[]): EventDraft =>
  onRecord('Member', 'member.updated', member, { changed: [...changed] });

export const memberMoved = (
  member: Member,
  teamBefore: string | null,
  teamAfter: string | null,
  from: Date,
): EventDraft =>
  onRecord('Member', 'member.moved', member, { teamBefore, teamAfter, from: from.toISOString() });

export const memberRoleSet = (before: Member, after: Member): EventDraft =>
  onRecord('Member', 'member.role_set', after, {
    roleBefore: before.role,
    roleAfter: after.role,
    dataScopeBefore: before.dataScope,
    dataScopeAfter: after.dataScope,
  });

export const memberDeactivated = (member: Member): EventDraft =>
  onRecord('Member', 'member.deactivated', member, {});

export const memberReactivated = (member: Member): EventDraft =>
  onRecord('Member', 'member.reactivated', member, {});

/** `how`: by the member, or by somebody who may reset it. For the member and those who see everything. */
export const passwordChanged = (member: Member, how: 'CHANGED' | 'RESET'): EventDraft => ({
  ...onRecord('Member', 'member.password_changed', member, { how }),
  visibility: { before: { owners: [member.id] }, after: { owners: [member.id] } },
});
