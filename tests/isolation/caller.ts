import { encodeGlobalId } from '../../src/api/global-ids.ts';
import type { TestApp } from '../support/app.ts';
import { type Answer, explain } from '../support/client.ts';
import { chooserFor, type Records } from './choose.ts';
import type { Operation } from './documents.ts';
import type { Choose } from './places.ts';

/** Limits of an operation that no generated one meets. */
export const WIDE = {
  MAX_QUERY_DEPTH: '100',
  MAX_QUERY_TOKENS: '100000',
  MAX_QUERY_ALIASES: '10000',
  MAX_QUERY_COST: '10000000',
  MAX_BODY_BYTES: '1048576',
};

/** Somebody who asks, and whose records he knows of. */
export interface Caller {
  records: Records;
  /** With which of his records; the first unless said otherwise. */
  choose(variant?: number): Choose;
  /** Fails when nothing better than an unexpected error is said. */
  ask(operation: Operation): Promise<Answer>;
}

export const callerFor = (app: TestApp, records: Records, token: string | null): Caller => ({
  records,
  choose: (variant = 0) => chooserFor(records, variant),
  async ask({ document, variables }) {
    const answer = await app.query(document, variables, { token });
    if (answer.body.includes('INTERNAL_SERVER_ERROR')) {
      throw new Error(explain(document, variables, answer));
    }
    return answer;
  },
});

/** All that reaches the client: body and headers. */
export const everythingIn = ({ body, headers }: Answer): unknown => [
  parsed(body),
  Object.fromEntries(headers),
];

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

export interface Refusal {
  code: string;
  message: string;
  /** Where in the arguments the cause stands, without places in lists; null: it does not say. */
  path: readonly string[] | null;
}

/** All errors of an answer: those beside the data, and those that a mutation's union holds. */
export function refusalsIn(answer: Answer): Refusal[] {
  const found = answer.errors.map(({ message, extensions: { code, argument } }) => ({
    code: String(code ?? 'NOT_VALID'),
    message,
    path: bare(argument),
  }));
  const visit = (value: unknown) => {
    if (value === null || typeof value !== 'object') return;
    const { __typename: type } = value as { __typename?: string };
    const of = (name: string): unknown => Reflect.get(value, `${type}__${name}`);
    const code = of('code');
    if (typeof code === 'string') {
      found.push({ code, message: String(of('message')), path: bare(of('path')) });
    }
    for (const inner of Object.values(value)) visit(inner);
  };
  visit(answer.data);
  return found;
}

const bare = (path: unknown): string[] | null =>
  Array.isArray(path) ? path.map(String).filter((part) => !/^\d+$/.test(part)) : null;

/** `Type.field` of everything that was read on an object that is there. */
export function readIn(data: unknown, into: Set<string>): void {
  if (data === null || typeof data !== 'object') return;
  const { __typename: type } = data as { __typename?: string };
  for (const [key, inner] of Object.entries(data)) {
    if (type && key !== '__typename') into.add(`${type}.${key.replace(/^.*__/, '')}`);
    readIn(inner, into);
  }
}

/**
 * An answer without what may differ between two calls that say the same: the ids that were asked for, in the text of
 * messages too, the moments since the walk began, how long a stay lasts that has not ended, and the request.
 */
export function comparable(answer: Answer, sent: readonly string[], since: Date): unknown {
  const forms = sent.flatMap((text) => [text, text.slice(0, 60)]);
  const plain = (value: unknown): unknown => {
    if (typeof value === 'string') {
      if (/^\d{4}-\d\d-\d\dT/.test(value) && new Date(value) >= since) return '(now)';
      return forms.reduce((text, form) => text.replaceAll(form, '(asked)'), value);
    }
    if (Array.isArray(value)) return value.map(plain);
    if (value === null || typeof value !== 'object') return value;
    const { __typename: type, leftAt } = value as { __typename?: string; leftAt?: unknown };
    const grows = type === 'StageChange' && leftAt === null;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => {
        if (key === 'requestId') return [key, ''];
        return [key, grows && key === 'seconds' ? '(now)' : plain(inner)];
      }),
    );
  };
  return plain({ status: answer.status, data: answer.data, errors: answer.errors });
}

export const globalIds = (type: string, ids: readonly string[]): string[] =>
  ids.slice(0, 100).map((id) => encodeGlobalId(type, id));

export interface Connection {
  edges: { cursor: string; node: { id?: string } }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null };
  totalCount: number;
}

/** The first page under a field of this name that is anywhere in the data. */
export function connectionIn(data: unknown, field: string): Connection | null {
  if (data === null || typeof data !== 'object') return null;
  for (const [key, value] of Object.entries(data)) {
    if (key === field && value && typeof value === 'object' && 'pageInfo' in value) {
      return value as Connection;
    }
    const below = connectionIn(value, field);
    if (below) return below;
  }
  return null;
}
