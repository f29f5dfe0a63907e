import { NamedError } from '../../database/errors.ts';

/** Thrown when a score's entries are asked for whose owner's records the viewer may not see. Never a partial sum. */
export class EntriesOutOfScope extends NamedError {
  static {
    NamedError.register('EntriesOutOfScope', EntriesOutOfScope);
  }
  override get stored(): boolean {
    return false;
  }
}
