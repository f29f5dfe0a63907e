import { InvalidInput, NotAllowed, WrongState } from '../../database/errors.ts';
import type { MemberViewer } from '../../database/viewer.ts';
import { cleanOptionalName, cleanText, requireCalendarMoment } from '../organization/limits.ts';
import { type Activity, type ActivityKind, FUTURE_MS } from './model.ts';

export interface NewActivity {
  kind: ActivityKind;
  contactId?: string | null | undefined;
  method?: string | null | undefined;
  result?: string | null | undefined;
  body?: string | null | undefined;
  /** Default: now. At most 5 minutes in the future. */
  happenedAt?: Date | null | undefined;
  /** After it happened. */
  nextFollowUpAt?: Date | null | undefined;
}

/** Throws InvalidInput. */
export function newActivity(
  id: string,
  customerId: string,
  authorId: string,
  given: NewActivity,
  now: Date,
): Activity {
  const happenedAt = given.happenedAt ?? now;
  requireCalendarMoment(happenedAt, 'happenedAt');
  if (happenedAt.getTime() > now.getTime() + FUTURE_MS) {
    throw new InvalidInput('An activity has happened: it may lie at most 5 minutes ahead.', {
      path: ['input', 'happenedAt'],
    });
  }
  const nextFollowUpAt = given.nextFollowUpAt ?? null;
  if (nextFollowUpAt) requireCalendarMoment(nextFollowUpAt, 'nextFollowUpAt');
  if (nextFollowUpAt && nextFollowUpAt <= happenedAt) {
    throw new InvalidInput('The next follow-up comes after the activity.', {
      path: ['input', 'nextFollowUpAt'],
    });
  }
  return {
    id,
    customerId,
    contactId: given.contactId ?? null,
    authorId,
    kind: given.kind,
    method: cleanOptionalName(given.method, 'method') ?? null,
    result: cleanOptionalName(given.result, 'result') ?? null,
    body: cleanText(given.body, 'body'),
    happenedAt,
    nextFollowUpAt,
    retractedAt: null,
  };
}

/** An entry is taken back by its author or by a manager. Throws NotAllowed, and WrongState when it has been. */
export function retract(viewer: MemberViewer, activity: Activity, at: Date): Activity {
  if (viewer.role === 'MEMBER' && activity.authorId !== viewer.memberId) {
    throw new NotAllowed('Only its author or a manager takes an activity back.');
  }
  if (activity.retractedAt) {
    throw new WrongState('This activity has been taken back already.', {
      data: { state: 'RETRACTED' },
    });
  }
  return { ...activity, retractedAt: at };
}
