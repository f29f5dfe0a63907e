import { NamedError } from '../database/errors.ts';

/**
 * Thrown when a question would cost too much: by the planner's estimate, by the number of groups, or because it ran
 * into the statement timeout. `data`: `{ limit, actual }`; `actual` is null where nobody knows.
 */
export class TooDear extends NamedError {
  static {
    NamedError.register('TooDear', TooDear);
  }
  override get stored(): boolean {
    return false;
  }
}

/** Thrown when a question with `asOf` reads what has no dated history. `data`: `{ refused, offered }`. */
export class NotDated extends NamedError {
  static {
    NamedError.register('NotDated', NotDated);
  }
  override get stored(): boolean {
    return false;
  }
}
