import { NamedError } from '../database/errors.ts';

/** Thrown into a stream when the token behind it was revoked or has expired, or its member is no longer active. */
export class RightsEnded extends NamedError {
  static {
    NamedError.register('RightsEnded', RightsEnded);
  }
}

/** Thrown for a `since` that is no log cursor of this server, or one of another organization. */
export class BadLogCursor extends NamedError {
  static {
    NamedError.register('BadLogCursor', BadLogCursor);
  }
}
