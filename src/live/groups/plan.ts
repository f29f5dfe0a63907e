import type { LoggedEvent } from '../../events/logged-event.ts';
import type { Payload } from './payload.ts';

/** Why a subscriber gets the state anew instead of what follows on the last that it got. */
export type GroupReset = 'FIRST' | 'SKIPPED' | 'RIGHTS_CHANGED';

/** What a group does; the same for all whose key is the same. */
export interface GroupWork<Value> {
  /** Called once per group. What it throws is thrown at every subscriber that waits for it. */
  open(): Promise<AsyncIterableIterator<Value, undefined>>;
  /** One execution and one serialisation. */
  answer(value: Value): Promise<Payload>;
  /** The same state for one who does not know the one before. */
  reset(value: Value, reason: GroupReset): Value;
}

/** Where a subscriber belongs by its present rights. */
export interface Plan<Value> {
  /** Subscribers with equal keys get equal answers. */
  key: string;
  work: GroupWork<Value>;
  /** When the subscriber's rights end by time alone, in milliseconds of the epoch; null: not. */
  endsAt: number | null;
}

/** A subscriber, as far as a group knows it. */
export interface Subscriber<Value> {
  organizationId: string;
  /** Authorises it by its rights of now. What it throws ends the subscription, and is what the client hears. */
  plan(): Promise<Plan<Value>>;
  /** Whether an event may change what `plan` says. Called for every event: cheap, must not throw. */
  concerns(event: LoggedEvent): boolean;
  /** Turns the group's present state into its first one, for who resumes; null: as everybody who joins. */
  begin: ((value: Value) => Promise<Value>) | null;
  /** Hands an answer over. A promise: it takes no more until then, and then gets the newest. */
  show(payload: Payload): Promise<void> | null;
}
