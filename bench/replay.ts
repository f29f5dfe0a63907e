// The statements that an operation of ours sends, to be sent again by bare pg for another record.
import pg from 'pg';
import { newId } from '../src/database/ids.ts';

export interface Sent {
  name: string | undefined;
  text: string;
  values: unknown[];
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g;

/** Every statement that any connection sends while `work` runs, in order. */
export async function statementsOf(work: () => Promise<unknown>): Promise<Sent[]> {
  const sent: Sent[] = [];
  const { query } = pg.Client.prototype;
  const record = function (this: pg.Client, ...given: unknown[]) {
    const [asked] = given;
    if (typeof asked === 'string') sent.push({ name: undefined, text: asked, values: [] });
    else if (isQuery(asked)) {
      sent.push({ name: asked.name, text: asked.text, values: [...(asked.values ?? [])] });
    }
    return Reflect.apply(query, this, given);
  };
  pg.Client.prototype.query = record as typeof query;
  try {
    await work();
  } finally {
    pg.Client.prototype.query = query;
  }
  return sent;
}

const isQuery = (asked: unknown): asked is pg.QueryConfig =>
  typeof asked === 'object' && asked !== null && 'text' in asked;

/**
 * The same statements for another record: `replaced` says which ids stand for which, and every id that was made since
 * `madeSince` (ids tell when they were made) is made anew.
 */
export function statementsFor(
  sent: readonly Sent[],
  replaced: ReadonlyMap<string, string>,
  madeSince: number,
): Sent[] {
  const ids = new Map(replaced);
  const idFor = (id: string): string => {
    const known = ids.get(id);
    if (known) return known;
    const fresh = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) >= madeSince ? newId() : id;
    ids.set(id, fresh);
    return fresh;
  };
  const valueFor = (value: unknown): unknown => {
    if (typeof value === 'string') return value.replace(UUID, idFor);
    return Array.isArray(value) ? value.map(valueFor) : value;
  };
  return sent.map(({ name, text, values }) => ({ name, text, values: values.map(valueFor) }));
}

/** The same statements when the log stands at `now` rather than at `then`: what they read of it begins there. */
export function atPosition(statements: readonly Sent[], then: number, now: number): Sent[] {
  const moved = (value: unknown): unknown => {
    for (const step of [0, 1]) if (value === then + step) return now + step;
    for (const step of [0, 1]) if (value === String(then + step)) return String(now + step);
    return Array.isArray(value) ? value.map(moved) : value;
  };
  return statements.map((statement) => ({ ...statement, values: statement.values.map(moved) }));
}

/**
 * One after the other, as simple code over pg does, named as ours were, in one transaction. Gives the milliseconds of
 * each, the commit's last.
 */
export async function replay(client: pg.Client, statements: readonly Sent[]): Promise<number[]> {
  const times: number[] = [];
  const timed = async (query: pg.QueryConfig) => {
    const start = performance.now();
    await client.query(query);
    times.push(performance.now() - start);
  };
  await client.query('BEGIN');
  for (const { name, text, values } of withoutControl(statements)) {
    await timed({ text, values, ...(name && { name }) });
  }
  await timed({ text: 'COMMIT' });
  return times;
}

export const withoutControl = (statements: readonly Sent[]): Sent[] =>
  statements.filter(({ text }) => !/^\s*(begin|commit|rollback)\b/i.test(text));
