// A schema with one subscription that is shared, whose values a test makes as it likes, and callers by name.
import { specifiedDirectives } from 'graphql';
import { authDirective } from '../../src/api/auth-directives.ts';
import { builder } from '../../src/api/builder.ts';
import type { Sharing } from '../../src/api/sharing.ts';
import { NamedError } from '../../src/database/errors.ts';
import type { Authenticate } from '../../src/server/authenticate.ts';
import { callerOf } from './callers.ts';

export { caller, organizationId } from './callers.ts';

export const authenticate: Authenticate = (_db, { token }) => Promise.resolve(callerOf(token));

/** Thrown by the source when a test says so. */
export class OutOfInk extends NamedError {
  static {
    NamedError.register('OutOfInk', OutOfInk);
  }
}

interface Page {
  n: number;
  /** Why it begins anew, or from which page on it follows. */
  from: string | null;
  text: string;
}

/** What has been done, and what is open. */
export const counts = { sources: 0, opened: 0, executions: 0, begun: 0 };

type Value = Page | Error | null;
const listeners = new Set<(value: Value) => void>();

/** Gives a page to every open source; an error fails them, null ends them. */
export function turn(n: number, text = ''): void {
  for (const listener of [...listeners]) listener({ n, from: null, text });
}
export function fail(error: Error): void {
  for (const listener of [...listeners]) listener(error);
}
export function end(): void {
  for (const listener of [...listeners]) listener(null);
}

/** State, as the sources of groups are: while nobody asks, only the newest waits. */
function pages(): AsyncIterableIterator<Page, undefined> {
  let waiting: Value | undefined;
  let wake = () => {};
  let isOver = false;
  let isFirst = true;
  const listener = (value: Value) => {
    waiting = value;
    wake();
  };
  const leave = () => {
    if (isOver) return;
    isOver = true;
    listeners.delete(listener);
    counts.sources -= 1;
    wake();
  };
  listeners.add(listener);
  counts.sources += 1;
  counts.opened += 1;
  return {
    async next() {
      while (waiting === undefined && !isOver) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const value = waiting;
      waiting = undefined;
      if (value && !isOver && !(value instanceof Error)) {
        const from = isFirst ? 'FIRST' : null;
        isFirst = false;
        return { done: false, value: { ...value, from } };
      }
      leave();
      if (value instanceof Error) throw value;
      return { done: true, value: undefined };
    },
    return() {
      leave();
      return Promise.resolve({ done: true, value: undefined });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

const sharing: Sharing<Page, object, { from: string }> = {
  apart: 'since',
  place: (since) => ({ from: since }),
  subject: () => Promise.resolve({}),
  authorize: () => Promise.resolve({}),
  concerns: () => false,
  reset: (page, reason) => ({ ...page, from: reason }),
  begin: async (page, { from }) => {
    counts.begun += 1;
    return { value: { ...page, from: `since ${from}` }, follows: true };
  },
};

const PageType = builder.objectRef<Page>('Page').implement({
  description: 'A page.',
  fieldsDependOn: { organization: ['n', 'from', 'text', 'wrong', 'again', 'reads'] },
  fields: (t) => ({
    n: t.int({
      description: 'Its number.',
      resolve: ({ n }) => {
        counts.executions += 1;
        return n;
      },
    }),
    from: t.exposeString('from', { nullable: true, description: 'Why it begins anew.' }),
    text: t.exposeString('text', { description: 'What it says.' }),
    wrong: t.string({
      nullable: true,
      description: 'Fails.',
      resolve: () => {
        throw new Error('secret: password in SQL');
      },
    }),
    again: t.string({
      description: 'So many characters.',
      args: { length: t.arg.int({ required: true, description: 'How many.' }) },
      resolve: (_page, { length }) => '页'.repeat(length),
    }),
    role: t.string({
      description: 'The role of who asks.',
      dependsOn: 'rights',
      resolve: (_page, _args, { viewer }) => (viewer?.kind === 'member' ? viewer.role : 'display'),
    }),
    whose: t.string({
      description: 'Who asks, which nobody shares.',
      resolve: (_page, _args, { viewer }) => viewer?.tokenId ?? '',
    }),
    reads: t.string({
      nullable: true,
      description: 'Reads who asks, though it is said not to.',
      resolve: (_page, _args, { viewer }) => viewer?.tokenId ?? '',
    }),
  }),
});

builder.queryFields((t) => ({
  zero: t.int({ description: 'Zero.', skipTypeScopes: true, resolve: () => 0 }),
}));
builder.mutationFields((t) => ({
  nothing: t.int({ description: 'Does nothing.', resolve: () => 0 }),
}));
builder.subscriptionFields((t) => ({
  page: t.field({
    type: PageType,
    skipTypeScopes: true,
    authScopes: { viewer: true },
    description: 'The newest page.',
    args: { since: t.arg({ type: 'Cursor', description: 'The page before.' }) },
    subscribe: () => pages(),
    sharing,
    resolve: (page) => page,
  }),
}));

export const schema = builder.toSchema({ directives: [...specifiedDirectives, authDirective] });
