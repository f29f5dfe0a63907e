import { NamedError } from '../../database/errors.ts';

/** Thrown when organization, employee number and password do not belong together; it never says which is wrong. */
export class SignInRefused extends NamedError {
  static {
    NamedError.register('SignInRefused', SignInRefused);
  }
  override get stored(): boolean {
    return false;
  }
}

/** Thrown while a name is locked after repeated failures, whether it exists or not. `data`: `{ until }`, ISO 8601. */
export class SignInLocked extends NamedError {
  static {
    NamedError.register('SignInLocked', SignInLocked);
  }
  override get stored(): boolean {
    return false;
  }
}

/** Thrown when the old password is not the right one. */
export class WrongPassword extends NamedError {
  static {
    NamedError.register('WrongPassword', WrongPassword);
  }
  override get stored(): boolean {
    return false;
  }
}

/** Thrown when a new password is too short, too long, the old one, or made of the employee number. */
export class WeakPassword extends NamedError {
  static {
    NamedError.register('WeakPassword', WeakPassword);
  }
  override get stored(): boolean {
    return false;
  }
}

/** Thrown when a team would come under itself or one below it, now or at any time since the move is to hold. */
export class TeamCycle extends NamedError {
  static {
    NamedError.register('TeamCycle', TeamCycle);
  }
}

/** Thrown when the tree of teams would become too deep. `data`: `{ limit }`. */
export class TeamTreeTooDeep extends NamedError {
  static {
    NamedError.register('TeamTreeTooDeep', TeamTreeTooDeep);
  }
}

/** Thrown when the organization would be left without an active administrator. */
export class LastAdministrator extends NamedError {
  static {
    NamedError.register('LastAdministrator', LastAdministrator);
  }
}

/**
 * Thrown when a move is dated back to before a score that was earned in the team: points stay with the team that they
 * were earned in, so what was earned decides where the past was. `data`: `{ lastScoreAt }`, ISO 8601.
 */
export class ScoredSince extends NamedError {
  static {
    NamedError.register('ScoredSince', ScoredSince);
  }
}

/** Thrown when a change is dated before the one that it follows. `data`: `{ lastChangeAt }`, ISO 8601. */
export class BeforeLastChange extends NamedError {
  static {
    NamedError.register('BeforeLastChange', BeforeLastChange);
  }
}
