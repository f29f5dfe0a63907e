import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { Allowance } from './allowance.ts';
import type { Patient } from './pulse.ts';
import type { Session } from './session.ts';

/** Close codes beyond those of graphql-ws; every client tries again after 1012 and 1013, and none after the others. */
export const Close = {
  unsupportedData: 1003,
  policyViolation: 1008,
  serviceRestart: 1012,
  tryAgainLater: 1013,
} as const;

/** One WebSocket and what is under way on it: what graphql-ws hands to every hook as `extra`. */
export class Connection implements Patient {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  session: Session | null = null;
  /** Ends the watch over the session. */
  unwatch: (() => void) | null = null;
  /** All operations under way, and whether it is a query or a mutation, whose answer is waited for by `leave`. */
  #live = new Map<string, boolean>();
  #allowance: Allowance;
  #closedWith: number | null = null;
  #isLeaving = false;

  constructor(socket: WebSocket, request: IncomingMessage, messagesPerSecond: number) {
    this.socket = socket;
    this.request = request;
    this.#allowance = new Allowance(messagesPerSecond);
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

  /** How many operations are under way. */
  get size(): number {
    return this.#live.size;
  }

  get bytes(): Socket {
    return this.request.socket;
  }

  /** Whether something that came is to be looked at at all: not after the goodbye, nor when too much comes. */
  hears(): boolean {
    if (!this.isOpen) return false;
    if (this.#allowance.take()) return true;
    this.close(Close.policyViolation, 'Too many messages');
    return false;
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

  isLive(id: string): boolean {
    return this.#live.has(id);
  }

  /** An operation begins; whether its answer is waited for is known later. */
  begin(id: string): void {
    this.#live.set(id, false);
  }

  /** It is a query or a mutation. */
  awaitAnswer(id: string): void {
    this.#live.set(id, true);
  }

  /** An operation has ended. Its last message is sent after this is called. */
  over(id: string): void {
    const isAwaited = this.#live.get(id) ?? false;
    this.#live.delete(id);
    if (isAwaited && this.#isLeaving) setImmediate(() => this.leave());
  }

  /** Sends the client elsewhere, once every query and mutation is answered: whoever hears no answer sends it again. */
  leave(): void {
    this.#isLeaving = true;
    const isAwaited = [...this.#live.values()].includes(true);
    if (!isAwaited) this.close(Close.serviceRestart, 'Service restart');
  }

  ping(): void {
    if (this.isOpen) this.socket.ping();
  }

  stalled(): void {
    this.close(Close.tryAgainLater, 'Too slow');
  }

  silent(): void {
    this.socket.terminate();
  }
}
