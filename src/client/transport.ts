import type { Break } from './break.ts';
import type { Problem } from './errors.ts';

export interface Payload {
  query: string;
  operationName?: string;
  variables: Record<string, unknown>;
  extensions?: Record<string, unknown>;
}

export interface Answer {
  data?: Record<string, unknown> | null;
  errors?: readonly Problem[];
}

export interface Sink {
  /** The server has the subscription, as far as the transport can tell. */
  connected(): void;
  next(answer: Answer): void;
  /** Nothing more comes. Called at most once, and not after `close`. */
  broken(why: Break): void;
}

/** One subscription under way. */
export interface Line {
  /** Leaves it; nothing is called any more. */
  close(): void;
  /** Leaves it, and has everything after it use a new token. */
  refuse(): void;
}

/** What carries subscriptions. It tries nothing again by itself: whoever subscribes knows from where to go on. */
export interface Transport {
  open(payload: Payload, sink: Sink): Line;
  /** The last sign of life from the server. */
  readonly heardAt: Date;
  close(): Promise<void>;
}
