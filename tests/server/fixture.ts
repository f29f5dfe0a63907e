// A small schema on the real builder with fields that misbehave on purpose, and callers by name.
// All that the builder has heard of must be there before it makes a schema.
import '../../src/schema.ts';
import { specifiedDirectives } from 'graphql';
import { authDirective } from '../../src/api/auth-directives.ts';
import { builder } from '../../src/api/builder.ts';
import { errorType } from '../../src/api/errors.ts';
import { mutationField } from '../../src/api/mutation.ts';
import { NamedError } from '../../src/database/errors.ts';
import type { Authenticate } from '../../src/server/authenticate.ts';
import { callerOf } from './callers.ts';

export { caller, change, organizationId, revoke } from './callers.ts';

export class OutOfTea extends NamedError {
  static {
    NamedError.register('OutOfTea', OutOfTea);
  }
}
errorType(OutOfTea, { description: 'There is no tea.' });

export const authenticate: Authenticate = (_db, { token }) => {
  if (token === 'token-that-hangs-the-database') return new Promise(() => {});
  if (token === 'token-that-breaks-the-database') throw new Error('secret: connection to 10.0.0.7');
  return Promise.resolve(callerOf(token));
};

interface Thing {
  name: string;
}
const thing = builder.objectRef<Thing>('Thing');
thing.implement({
  description: 'A thing.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    self: t.field({ type: thing, description: 'Itself.', resolve: (parent) => parent }),
    others: t.field({
      type: [thing],
      args: { first: t.arg.int({ description: 'How many.' }) },
      description: 'Others.',
      resolve: () => [],
    }),
    contexts: t.int({
      description: 'Grows by one with every use of the same context.',
      resolve: (_parent, _args, ctx) => {
        uses.set(ctx, (uses.get(ctx) ?? 0) + 1);
        return uses.get(ctx) ?? 0;
      },
    }),
    wrong: t.string({
      nullable: true,
      description: 'Fails.',
      resolve: () => {
        throw new Error('secret: password in SQL');
      },
    }),
  }),
});
const uses = new WeakMap<object, number>();

/** Open streams of `ticks`: none may be left after a test. */
export const open = { ticks: 0 };
export type Tick = number | string | Error | null;
const listeners = new Set<(tick: Tick) => void>();
/** Sends a tick to every open stream; an error fails them, null ends them. */
export const tick = (value: Tick): void => {
  for (const listener of [...listeners]) listener(value);
};

function ticks(): AsyncIterableIterator<number | string> {
  const queue: Tick[] = [];
  let wake = () => {};
  const listener = (value: Tick) => {
    queue.push(value);
    wake();
  };
  listeners.add(listener);
  open.ticks += 1;
  let ended = false;
  const leave = () => {
    if (ended) return;
    ended = true;
    listeners.delete(listener);
    open.ticks -= 1;
    wake();
  };
  return {
    async next() {
      while (queue.length === 0 && !ended) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const value = queue.shift();
      if (ended || value === null || value === undefined) {
        leave();
        return { done: true, value: undefined };
      }
      if (value instanceof Error) {
        leave();
        throw value;
      }
      return { done: false, value };
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

builder.queryFields((t) => ({
  thing: t.field({ type: thing, description: 'One thing.', resolve: () => ({ name: 'tea' }) }),
  echo: t.string({
    description: 'What was said.',
    skipTypeScopes: true,
    args: { text: t.arg.string({ required: true, description: 'The text.' }) },
    resolve: (_root, { text }) => text,
  }),
  amount: t.field({
    type: 'Decimal',
    description: 'What was given.',
    args: { of: t.arg({ type: 'Decimal', required: true, description: 'The amount.' }) },
    resolve: (_root, { of }) => of,
  }),
  product: t.string({
    description: 'The plain id.',
    args: { id: t.arg.recordId({ for: 'Thing', required: true, description: 'An id.' }) },
    resolve: (_root, { id }) => id,
  }),
  broken: t.string({
    nullable: true,
    description: 'Breaks its own promise.',
    resolve: () => {
      throw new Error('secret: relation "credential" does not exist');
    },
  }),
  refused: t.string({
    nullable: true,
    description: 'Refuses by name.',
    resolve: () => {
      throw new OutOfTea('There is no tea left.');
    },
  }),
  empty: t.string({ description: 'Null where none may be.', resolve: () => null as never }),
  adminsOnly: t.string({
    description: 'For administrators.',
    authScopes: { admin: true },
    resolve: () => 'yes',
  }),
  forDisplays: t.string({
    description: 'For displays too.',
    skipTypeScopes: true,
    authScopes: { viewer: true },
    resolve: (_root, _args, ctx) => ctx.viewer?.kind ?? '',
  }),
}));

/** What was brewed, in order; `slowly` only when somebody opens the gates. */
export const brewed: string[] = [];
export const gates = new Set<() => void>();
export const openGates = (): void => {
  for (const open of gates) open();
  gates.clear();
};

mutationField('brew', {
  description: 'Brews.',
  errors: [OutOfTea],
  input: (t) => ({
    what: t.string({ required: true, description: 'What.' }),
    into: t.recordId({ for: 'Thing', description: 'A cup.' }),
  }),
  resolve: async ({ what, into }) => {
    if (what === 'nothing')
      throw new OutOfTea('There is no tea left.', { path: ['input', 'what'] });
    if (what === 'slowly') {
      await new Promise<void>((resolve) => gates.add(resolve));
    }
    brewed.push(what);
    if (what === 'trouble') throw new Error('secret: pot at 10.0.0.7');
    return { what, into, position: what === 'later' ? '12' : '7' };
  },
  payload: (t) => ({
    what: t.exposeString('what', { description: 'What was brewed.' }),
    into: t.string({ nullable: true, description: 'Into what.', resolve: ({ into }) => into }),
  }),
});

builder.subscriptionFields((t) => ({
  ticks: t.field({
    type: thing,
    description: 'A thing for every tick.',
    subscribe: () => ticks(),
    resolve: (value) => ({ name: String(value) }),
  }),
}));

export const schema = builder.toSchema({ directives: [...specifiedDirectives, authDirective] });
