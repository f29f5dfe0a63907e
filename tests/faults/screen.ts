// A screen: one client of src/client on a connection of its own, which keeps what it has shown.
import { setTimeout as sleep } from 'node:timers/promises';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { parse } from 'graphql';
import {
  createMusterClient,
  type MusterClient,
  MusterError,
  type Subscription,
} from '../../src/client/muster-client.ts';
import { decodeLogCursor } from '../../src/events/log-cursor.ts';
import type { Company, Person } from './company.ts';
import type { Model, Verdict } from './model.ts';

export interface ScreenParts {
  url: string;
  over: 'websocket' | 'sse';
  company: Company;
  person: Person;
}

/** Longer than the 12 s in which the server gives a sign of life; over WebSocket the client asks for one itself. */
const SILENCE_MS = { websocket: 8_000, sse: 14_000 };

export abstract class Screen {
  readonly company: Company;
  readonly person: Person;
  readonly over: 'websocket' | 'sse';
  /** Why it was told to begin afresh. */
  readonly resets: string[] = [];
  /** Errors of fields that it has shown as if there were nothing. */
  readonly problems: string[] = [];
  /** How often its connection broke. */
  breaks = 0;
  protected client: MusterClient;
  #subscription: Subscription | null = null;

  constructor({ url, over, company, person }: ScreenParts) {
    this.company = company;
    this.person = person;
    this.over = over;
    this.client = createMusterClient({
      url,
      token: () => person.token,
      transport: over,
      retry: { firstMs: 100, longestMs: 2_000 },
      silenceMs: SILENCE_MS[over],
    });
  }

  /** Begins to follow; resolves when it is known from where on. */
  abstract open(): Promise<void>;
  /** What it has shown, against what it should have. */
  abstract judge(model: Model): Verdict;

  /** Why it has ended by itself; null: it has not. */
  get failure(): string | null {
    const status = this.#subscription?.status;
    return status?.kind === 'ended' && status.error
      ? `${status.error.code} ${status.error.message}`
      : null;
  }

  get isLive(): boolean {
    return this.#subscription?.status.kind === 'live';
  }

  async close(): Promise<void> {
    this.#subscription?.close();
    await this.client.close();
  }

  /** A query, asked again where there was no answer. */
  protected async ask<Result>(
    document: TypedDocumentNode<Result, { id?: string }>,
    variables: { id?: string },
  ): Promise<Result> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.client.query(document, variables);
      } catch (error) {
        if (tries === 10 || !(error instanceof MusterError) || error.code !== 'NETWORK')
          throw error;
        await sleep(200 * tries);
      }
    }
  }

  protected follow<Result>(
    document: TypedDocumentNode<Result, { id?: string; since?: string }>,
    variables: { id?: string; since?: string },
    show: (data: Result) => void,
  ): void {
    this.#subscription = this.client.subscribe(document, variables, {
      onUpdate: (data, problems) => {
        this.problems.push(...problems.map(({ message }) => message));
        show(data as Result);
      },
      onReset: (reason) => {
        this.resets.push(reason);
      },
      onStatus: ({ kind }) => {
        if (kind === 'stale') this.breaks += 1;
      },
    });
  }
}

export const documentOf = <Result>(
  text: string,
): TypedDocumentNode<Result, { id?: string; since?: string }> => parse(text);

export function positionOf(cursor: string): number {
  const decoded = decodeLogCursor(cursor);
  if (!decoded) throw new Error(`${cursor} is no cursor.`);
  return decoded.position;
}
