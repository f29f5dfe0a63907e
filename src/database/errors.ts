export interface NamedErrorOptions {
  /** Where in the input the cause stands, e.g. `['input', 'amount']`. */
  path?: readonly string[] | null;
  /** What a client needs to go on: ids, versions, limits. Plain JSON; kept under the idempotency key. */
  data?: Record<string, unknown>;
}

type NamedErrorClass = new (message: string, options?: NamedErrorOptions) => NamedError;

/**
 * A failure that a client can meet and act on. Every subclass stands for one failure, says in its docblock when it
 * is thrown, and is registered, so that an outcome kept under an idempotency key comes back as the same class.
 */
export class NamedError extends Error {
  static readonly registry = new Map<string, NamedErrorClass>();
  /** Makes a class known by its name. Call in a static block of the subclass. */
  static register(name: string, Class: NamedErrorClass): void {
    NamedError.registry.set(name, Class);
  }

  /** Not called `path`: graphql-js takes an error with such an array for one that it has located itself. */
  readonly inputPath: readonly string[] | null;
  readonly data: Record<string, unknown>;

  constructor(message: string, options: NamedErrorOptions = {}) {
    super(message);
    this.name = new.target.name;
    this.inputPath = options.path ?? null;
    this.data = options.data ?? {};
  }

  /** The name in capitals: `NotFound` is `NOT_FOUND`. */
  get code(): string {
    return this.name.replace(/(?<!^)([A-Z])/g, '_$1').toUpperCase();
  }

  /** Whether a retry under the same idempotency key gets this answer again. Rights and shape are judged anew. */
  get stored(): boolean {
    return true;
  }
}

/** Thrown when an id is unknown, or belongs to another organization, or to a record outside the viewer's data scope. */
export class NotFound extends NamedError {
  static {
    NamedError.register('NotFound', NotFound);
  }
  override get stored(): boolean {
    return false;
  }
}

/** Thrown when the viewer's role or data scope does not allow what was asked. */
export class NotAllowed extends NamedError {
  static {
    NamedError.register('NotAllowed', NotAllowed);
  }
  override get stored(): boolean {
    return false;
  }
}

/** Thrown when a value is malformed, too long, negative, or does not fit the others. */
export class InvalidInput extends NamedError {
  static {
    NamedError.register('InvalidInput', InvalidInput);
  }
  override get stored(): boolean {
    return false;
  }
}

/**
 * Thrown when `expectedVersion` is not the record's version: somebody else was faster.
 * `data`: `{ type, id, expectedVersion, currentVersion }`.
 */
export class Conflict extends NamedError {
  static {
    NamedError.register('Conflict', Conflict);
  }
}

/** Thrown when the record's state does not allow the transition. `data`: `{ state }`. */
export class WrongState extends NamedError {
  static {
    NamedError.register('WrongState', WrongState);
  }
}

/** Thrown when a value that must be unique in the organization is taken. */
export class AlreadyExists extends NamedError {
  static {
    NamedError.register('AlreadyExists', AlreadyExists);
  }
}

/** Thrown when an idempotency key was used before by the same caller for another input. */
export class IdempotencyKeyReused extends NamedError {
  static {
    NamedError.register('IdempotencyKeyReused', IdempotencyKeyReused);
  }
  override get stored(): boolean {
    return false;
  }
}

/** Brings back an error that was kept as JSON. */
export function reviveError(kept: {
  name: string;
  message: string;
  path: string[] | null;
  data: Record<string, unknown>;
}): NamedError {
  const Class = NamedError.registry.get(kept.name) ?? NamedError;
  return new Class(kept.message, { path: kept.path, data: kept.data });
}

/** The courtesy that every transition and update begins with; the record must be locked, or it guarantees nothing. */
export function checkVersion(
  type: string,
  record: { id: string; version: number },
  expected: number | null | undefined,
): void {
  if (expected !== null && expected !== undefined && expected !== record.version) {
    throw new Conflict(
      `This ${type} is at version ${record.version}, not ${expected}: read it again and repeat the change.`,
      {
        path: ['input', 'expectedVersion'],
        data: {
          type,
          id: record.id,
          expectedVersion: expected,
          currentVersion: record.version,
        },
      },
    );
  }
}
