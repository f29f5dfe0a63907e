import type { LoggedEvent } from '../../events/logged-event.ts';
import type { Once } from './once.ts';
import type { Payload } from './payload.ts';

/** Why a subscriber gets the state anew instead of what follows on the last that it got. */
export type GroupReset = 'FIRST' | 'SKIPPED' | 'RIGHTS_CHANGED';

/** A group's present state for one who comes from some place of its own. */
export interface Beginning<Value> {
  value: Value;
  /** False when the state is newer than the group's: what the group says next does not follow on it. */
  follows: boolean;
}

/** What a group does; the same for all whose key is the same. */
export interface GroupWork<Value> {
  /** Groups for which this is the same read the same values. */
  source: string;
  /** Called once per source. What it throws is thrown at every subscriber that waits for it. */
  open(): Promise<AsyncIterableIterator<Value, undefined>>;
  /** One execution and one serialisation. */
  answer(value: Value): Promise<Payload>;
  /** The same state for one who does not know the one before. */
  reset(value: Value, reason: GroupReset): Value;
  /** The same state for one who resumes from a place; made once for all who come from an equal one. */
  begin(value: Value, place: unknown): Promise<Beginning<Value>>;
}

/** Where a subscriber belongs by its present rights. */
export interface Plan<Value> {
  /** Subscribers with equal keys get equal answers. */
  key: string;
  work: GroupWork<Value>;
  /** Nobody else can have the same key: there is nothing to share. */
  isOwn: boolean;
  /** What its rights hang on, such as the id of a token; see `Concern`. */
  holder: string;
  /** When the subscriber's rights end by time alone, in milliseconds of the epoch; null: not. */
  endsAt: number | null;
}

/** Whose plans an event may change: nobody's, everybody's, or those of one holder. */
export type Concern = 'nobody' | 'everybody' | { holder: string };

/** A subscriber, as far as a group knows it. */
export interface Subscriber<Value> {
  organizationId: string;
  /**
   * Authorises it by its rights of now. What it throws ends the subscription, and is what the client hears. What is
   * the same for several subscribers is read once with `once`.
   */
  plan(once: Once): Promise<Plan<Value>>;
  /** What an event may change of what `plan` says. Called for every event: cheap, must not throw. */
  concerns(event: LoggedEvent): Concern;
  /** Where it resumes from, JSON; null: as everybody who joins. */
  place: unknown;
  /** Hands an answer over. A promise: it takes no more until then, and then gets the newest. */
  show(payload: Payload): Promise<void> | null;
}
