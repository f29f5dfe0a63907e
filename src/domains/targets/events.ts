import type { EventDraft } from '../../database/event-draft.ts';
import type { Target } from './model.ts';

/**
 * `value` null: the target is removed. `owners`: the member; of a team's target who belongs to the team or leads it.
 */
export function targetSet(
  target: Target,
  change: { version: number; valueBefore: string | null; value: string | null; owners: string[] },
): EventDraft {
  const { type, id } = target.contestant;
  const visibility = { owners: change.owners };
  return {
    type: 'target.set',
    version: 1,
    recordType: 'Target',
    recordId: target.id,
    recordVersion: change.version,
    payload: {
      metricId: target.metricId,
      memberId: type === 'Member' ? id : null,
      teamId: type === 'Team' ? id : null,
      unit: target.unit,
      bucket: target.bucket,
      valueBefore: change.valueBefore,
      value: change.value,
    },
    visibility: {
      before: change.valueBefore === null ? null : visibility,
      after: change.value === null ? null : visibility,
    },
  };
}
