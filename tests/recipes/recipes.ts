// The operations of schema/operations as a typed client has them: src/generated/operations.ts is made from them.
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { type DocumentNode, Kind, print } from 'graphql';
import * as generated from '../../src/generated/operations.ts';
import type { TestApp } from '../support/app.ts';
import type { Answer, AskOptions, Stream, SubscribeOptions } from '../support/client.ts';

export function nameOf(document: DocumentNode): string {
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION && definition.name) {
      return definition.name.value;
    }
  }
  throw new Error('An operation without a name.');
}

/** Every operation by its name. */
export const recipes: ReadonlyMap<string, DocumentNode> = new Map(
  Object.values(generated).map((document: DocumentNode) => [nameOf(document), document]),
);

export interface Followed<Data> extends Omit<Stream<Data>, 'next'> {
  /** The data of the next result; fails when it has errors. */
  next(): Promise<Data>;
}

/** Sends typed documents as one caller, and remembers which were sent. */
export class Recipes {
  readonly used = new Set<string>();
  readonly #app: TestApp;
  readonly #options: AskOptions & SubscribeOptions;

  constructor(app: TestApp, options: AskOptions & SubscribeOptions = {}, used?: Set<string>) {
    this.#app = app;
    this.#options = options;
    if (used) this.used = used;
  }

  /** The same memory, another caller or another transport. */
  as(options: AskOptions & SubscribeOptions): Recipes {
    return new Recipes(this.#app, { ...this.#options, ...options }, this.used);
  }

  answer<Data, Variables extends Record<string, unknown>>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
  ): Promise<Answer<Data>> {
    this.used.add(nameOf(document));
    return this.#app.query<Data>(print(document), variables, this.#options);
  }

  /** The data of an operation; fails, with what explains it, when there are errors. */
  ask<Data, Variables extends Record<string, unknown>>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
  ): Promise<Data> {
    this.used.add(nameOf(document));
    return this.#app.expectData<Data>(print(document), variables, this.#options);
  }

  follow<Data, Variables extends Record<string, unknown>>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
  ): Followed<Data> {
    this.used.add(nameOf(document));
    const stream = this.#app.subscribe<Data>(print(document), variables, this.#options);
    return {
      ...stream,
      async next() {
        const { data, errors } = await stream.next();
        if (!data || errors) throw new Error(`${nameOf(document)}: ${JSON.stringify(errors)}`);
        return data;
      },
    };
  }
}

/** The payload of a mutation; fails, naming the error that came in its place. */
export function payload<Result extends { __typename: string }, Name extends Result['__typename']>(
  result: Result,
  name: Name,
): Extract<Result, { __typename: Name }> {
  if (result.__typename === name) return result as Extract<Result, { __typename: Name }>;
  throw new Error(`${name} was expected: ${JSON.stringify(result)}`);
}
