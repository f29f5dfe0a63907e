import { Backoff, type RetryOptions } from './backoff.ts';
import { type Break, judge } from './break.ts';
import type { SubscriptionPlan } from './document.ts';
import { MusterError, type Problem } from './errors.ts';
import type { OwnWrites } from './requests.ts';
import type { Status } from './status.ts';
import type { Answer, Line, Transport } from './transport.ts';

export interface SubscriptionHandlers<Result> {
  /**
   * An update, in order, each once. `problems`: the errors of fields that are null because they failed, mostly none;
   * where the server was in trouble it has been asked again several times. What it throws ends the subscription.
   */
  onUpdate: (data: Result, problems: readonly Problem[]) => void;
  /**
   * What was shown does not follow on: of a history (`taskEvents`, `boardNews`) read the list again, what comes later follows it, and `onUpdate` is not called
   * for the reset itself; of a board replace it with the update that `onUpdate` gets next. Required for histories. The same reset may come twice.
   */
  onReset?: (reason: string, data: Result) => void;
  /** At once, and whenever it changes. */
  onStatus?: (status: Status) => void;
}

export interface SubscriptionParts<Result> {
  plan: SubscriptionPlan;
  variables: Record<string, unknown>;
  handlers: SubscriptionHandlers<Result>;
  transport: Transport;
  own: OwnWrites;
  retry: RetryOptions;
  /** How long a history must be quiet after connecting to count as caught up: the server does not say. */
  quietMs: number;
  onEnd: () => void;
}

/** Between two whole cursors stand the parts of one event: never nearly as many. */
const REMEMBERED = 256;
/** How often an update is asked for again because fields of it have failed. */
const TRIES_FOR_A_WHOLE = 5;

/** One subscription through any number of connections. */
export class ResumableSubscription<Result> {
  #parts: SubscriptionParts<Result>;
  #backoff: Backoff;
  #line: Line | null = null;
  #cursor: unknown;
  #seen: unknown[] = [];
  #status: Status = { kind: 'catching up' };
  #quiet: ReturnType<typeof setTimeout> | undefined;
  #isRenewed = false;
  #spoilt = 0;
  #goodAt: Date | null = null;

  constructor(parts: SubscriptionParts<Result>) {
    this.#parts = parts;
    this.#backoff = new Backoff(parts.retry);
    this.#cursor = parts.variables.since;
    parts.handlers.onStatus?.(this.#status);
    this.#open();
  }

  get status(): Status {
    return this.#status;
  }

  /** The last update's, to be kept and given as the variable `since` later on. */
  get cursor(): string | null {
    return typeof this.#cursor === 'string' ? this.#cursor : null;
  }

  close(): void {
    this.#end(null);
  }

  #open(): void {
    const { plan, variables, transport, own } = this.#parts;
    const { query, operationName } = plan;
    // graphql-ws sends a payload again by itself after a close with 1000: it must be today's then, too.
    const since = () => ({ ...variables, since: this.#cursor });
    const payload = {
      ...{ query, operationName, extensions: own.extensions },
      variables: { ...variables, toJSON: since },
    };
    this.#line = transport.open(payload, {
      connected: () => this.#connected(),
      next: (answer) => this.#take(answer),
      broken: (why) => this.#broken(why),
    });
  }

  #connected(): void {
    if (this.#status.kind === 'stale') this.#become({ kind: 'catching up' });
    this.#awaitQuiet();
  }

  #awaitQuiet(): void {
    if (!this.#parts.plan.isHistory) return;
    clearTimeout(this.#quiet);
    if (this.#status.kind === 'live') return;
    this.#quiet = setTimeout(() => this.#live(), this.#parts.quietMs);
  }

  #live(): void {
    this.#backoff.reset();
    this.#isRenewed = false;
    if (this.#status.kind !== 'live') this.#become({ kind: 'live' });
  }

  #take({ data, errors = [] }: Answer): void {
    const { plan } = this.#parts;
    const update = data?.[plan.key];
    if (!isUpdate(update) || this.#isWorthAnotherTry(errors)) {
      this.#line?.close();
      this.#broken({ kind: 'refused', problems: errors });
    } else if (this.#deliver(update, data as Result, errors)) {
      this.#cursor = update.cursor;
      this.#spoilt = 0;
      if (plan.isHistory) this.#awaitQuiet();
      else this.#live();
    }
  }

  /** A field that failed while the database was away would stand on the screen as if there were nothing. */
  #isWorthAnotherTry(problems: readonly Problem[]): boolean {
    if (problems.length === 0 || judge({ kind: 'refused', problems }).next !== 'retry')
      return false;
    this.#spoilt += 1;
    return this.#spoilt <= TRIES_FOR_A_WHOLE;
  }

  /** False when the subscription has ended with it. */
  #deliver(update: Update, data: Result, problems: readonly Problem[]): boolean {
    const { plan, handlers } = this.#parts;
    const reason = resetOf(update);
    if (plan.isHistory && reason === null && this.#seen.includes(update.cursor)) return true;
    try {
      if (reason !== null) handlers.onReset?.(reason, data);
      if (reason === null || !plan.isHistory) handlers.onUpdate(data, problems);
    } catch (cause) {
      this.#end(new MusterError('HANDLER', 'What handles the updates has failed.', { cause }));
    }
    if (reason === null) this.#seen = [...this.#seen.slice(1 - REMEMBERED), update.cursor];
    return this.#status.kind !== 'ended';
  }

  #broken(why: Break): void {
    if (this.#status.kind === 'ended') return;
    clearTimeout(this.#quiet);
    const verdict = judge(why);
    if (verdict.next === 'end' || (verdict.next === 'sign in' && this.#isRenewed)) {
      this.#end(verdict.error);
      return;
    }
    if (verdict.next === 'sign in') {
      this.#isRenewed = true;
      this.#line?.refuse();
    }
    if (this.#status.kind === 'live') this.#goodAt = this.#parts.transport.heardAt;
    if (this.#status.kind !== 'stale') this.#become({ kind: 'stale', since: this.#goodAt });
    this.#backoff.schedule(() => this.#open(), verdict.next === 'retry' && verdict.atOnce);
  }

  #end(error: MusterError | null): void {
    if (this.#status.kind === 'ended') return;
    clearTimeout(this.#quiet);
    this.#backoff.cancel();
    this.#line?.close();
    this.#become({ kind: 'ended', error });
    this.#parts.onEnd();
  }

  #become(status: Status): void {
    this.#status = status;
    this.#parts.handlers.onStatus?.(status);
  }
}

interface Update {
  cursor: string;
  __typename?: unknown;
  kind?: unknown;
  reason?: unknown;
  reset?: unknown;
}

const isUpdate = (value: unknown): value is Update =>
  typeof value === 'object' &&
  value !== null &&
  'cursor' in value &&
  typeof value.cursor === 'string';

/** Why an update does not follow on the one before; null: it does. UNKNOWN where the document does not ask. */
function resetOf({ __typename, kind, reason, reset }: Update): string | null {
  if (typeof reset === 'string') return reset;
  if (kind === 'RESET') return 'UNKNOWN';
  if (__typename !== 'TaskStreamReset') return null;
  return typeof reason === 'string' ? reason : 'UNKNOWN';
}
