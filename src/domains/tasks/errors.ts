import { NamedError } from '../../database/errors.ts';

/** Thrown when a task is given to, or watched for, a member who is no longer active. */
export class MemberNotActive extends NamedError {
  static {
    NamedError.register('MemberNotActive', MemberNotActive);
  }
}

/** Thrown when a checklist would have more items, or a task more watchers, than it may. `data`: `{ limit }`. */
export class TooMany extends NamedError {
  static {
    NamedError.register('TooMany', TooMany);
  }
}
