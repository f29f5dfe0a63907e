/** One error of a GraphQL answer. */
export interface Problem {
  message: string;
  path?: readonly (string | number)[];
  extensions?: { code?: string; [name: string]: unknown };
}

/** What this client throws, and ends a subscription with. */
export class MusterError extends Error {
  /**
   * What went wrong, to be acted on: the server's code (NOT_FOUND, FORBIDDEN, ...), or one of the client's own: CANNOT_RESUME, CLOSED, COMPLETED, HANDLER, NETWORK,
   * REFUSED, SIGN_IN_NEEDED.
   */
  readonly code: string;
  /** The server's errors, where it sent any. */
  readonly problems: readonly Problem[];

  constructor(
    code: string,
    message: string,
    options: { problems?: readonly Problem[]; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'MusterError';
    this.code = code;
    this.problems = options.problems ?? [];
  }
}

/** Throw it from `token` when only the user can sign in again: it ends what was under way, instead of being tried again. */
export class SignInNeeded extends MusterError {
  constructor(message = 'Sign in again.', options: { cause?: unknown } = {}) {
    super('SIGN_IN_NEEDED', message, options);
    this.name = 'SignInNeeded';
  }
}
