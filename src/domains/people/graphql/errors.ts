import { errorType } from '../../../api/errors.ts';
import {
  BeforeLastChange,
  LastAdministrator,
  ScoredSince,
  SignInLocked,
  SignInRefused,
  TeamCycle,
  TeamTreeTooDeep,
  WeakPassword,
  WrongPassword,
} from '../errors.ts';

errorType(SignInRefused, {
  description:
    'Organization, employee number and password do not belong together; it never says which is wrong.',
});
errorType(SignInLocked, {
  description:
    'Too many failed attempts. The lock grows with each further one; a new password from an administrator ends it.',
  fields: (t) => ({
    until: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the name can be tried again.',
      resolve: ({ data }) => (typeof data.until === 'string' ? new Date(data.until) : null),
    }),
  }),
});
errorType(WrongPassword, {
  description: 'The old password is not right. It counts as a failed sign-in.',
});
errorType(WeakPassword, {
  description:
    'The new password is too short or too long (10 to 200 characters), the old one, or made of the employee number.',
});
errorType(TeamCycle, { description: 'A team would come under itself or one that is below it.' });
errorType(TeamTreeTooDeep, { description: 'The tree would be more than 30 teams deep.' });
errorType(LastAdministrator, {
  description: 'Nobody else is an active administrator: make somebody one first.',
});
errorType(ScoredSince, {
  description:
    'The move is dated back to before a score that was earned in the team: points stay where they were earned.',
  fields: (t) => ({
    lastScoreAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'The moment of the last score: date the move after it.',
      resolve: ({ data }) => (typeof data.lastScoreAt === 'string' ? data.lastScoreAt : null),
    }),
  }),
});
errorType(BeforeLastChange, {
  description: 'The change is dated before the one that it follows.',
  fields: (t) => ({
    lastChangeAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the last change took effect.',
      resolve: ({ data }) =>
        typeof data.lastChangeAt === 'string' ? new Date(data.lastChangeAt) : null,
    }),
  }),
});
