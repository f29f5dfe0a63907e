import { NamedError } from '../../database/errors.ts';

/**
 * Thrown when attendance or minutes are entered for a meeting that does not begin within the next half hour.
 * `data`: `{ startsAt }`.
 */
export class MeetingNotBegun extends NamedError {
  static {
    NamedError.register('MeetingNotBegun', MeetingNotBegun);
  }
}

/** Thrown when a meeting is to be scheduled of a kind that the administrator has taken out of use. `data`: `{ kindId }`. */
export class MeetingKindNotActive extends NamedError {
  static {
    NamedError.register('MeetingKindNotActive', MeetingKindNotActive);
  }
}

/**
 * Thrown when a meeting would have more people than a meeting may have. `data`: `{ limit, participants }`.
 */
export class TooManyParticipants extends NamedError {
  static {
    NamedError.register('TooManyParticipants', TooManyParticipants);
  }
}
