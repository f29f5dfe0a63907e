import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import type { Session } from './session.ts';

/** Close codes beyond those of graphql-ws; every client tries again after 1012 and 1013, and none after the others. */
export const Close = {
  unsupportedData: 1003,
  policyViolation: 1008,
  serviceRestart: 1012,
  tryAgainLater: 1013,
} as const;

/** One WebSocket and what is under way on it: what graphql-ws hands to every hook as `extra`. */
export class Connection {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  /** Ids of all operations under way. */
  readonly live = new Set<string>();
  session: Session | null = null;
  /** Ends the watch over the session. */
  unwatch: (() => void) | null = null;
  #closedWith: number | null = null;
  #answering = new Set<string>();
  #isLeaving = false;

  constructor(socket: WebSocket, request: IncomingMessage) {
    this.socket = socket;
    this.request = request;
  }

  get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  /** Takes nothing new any more, as it closes when all answers are through. */
  get isLeaving(): boolean {
    return this.#isLeaving;
  }

  /** With what we have closed it; null: we have not. */
  get closedWith(): number | null {
    return this.#closedWith;
  }

  /** Without effect on a socket that closes already. */
  close(code: number, reason: string): void {
    if (!this.isOpen) return;
    this.#closedWith = code;
    this.socket.close(code, reason);
  }

  /** Resolves when the socket is gone. */
  closed(): Promise<void> {
    const { socket } = this;
    if (socket.readyState === socket.CLOSED) return Promise.resolve();
    return new Promise((resolve) => socket.once('close', () => resolve()));
  }

  /** A query or a mutation is under way: its answer is waited for by `leave`. */
  answering(id: string): void {
    this.#answering.add(id);
  }

  /** An operation has ended. Its last message is sent after this is called. */
  over(id: string): void {
    this.live.delete(id);
    if (this.#answering.delete(id) && this.#isLeaving) setImmediate(() => this.leave());
  }

  /** Sends the client elsewhere, once every query and mutation is answered: whoever hears no answer sends it again. */
  leave(): void {
    this.#isLeaving = true;
    if (this.#answering.size === 0) this.close(Close.serviceRestart, 'Service restart');
  }
}
