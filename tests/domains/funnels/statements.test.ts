import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import { createOpportunity } from '../../../src/domains/funnels/service.ts';
import { winOpportunity } from '../../../src/domains/funnels/transitions.ts';
import { createWorld, openDatabase, type World } from './world.ts';

let db: Database;
let world: World;

beforeAll(async () => {
  db = await openDatabase();
  world = await createWorld(db);
});
afterAll(() => db.close());

interface Sent {
  text: string;
  prepared: boolean;
  /** Statements with the same number are sent without waiting for each other's answers. */
  flight: number;
}

/** Every statement that `work` sends, in order. */
async function statementsOf(work: () => Promise<unknown>): Promise<Sent[]> {
  const sent: Sent[] = [];
  let [flight, pending] = [0, 0];
  const { query } = pg.Client.prototype;
  const spy = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
    this: pg.Client,
    ...given: unknown[]
  ) {
    const [asked] = given;
    const { text = String(asked), name } = asked as { text?: string; name?: string };
    if (pending === 0) flight += 1;
    pending += 1;
    sent.push({ text: text.replace(/\s+/g, ' '), prepared: name !== undefined, flight });
    const answer: Promise<unknown> = Reflect.apply(query, this, given);
    return answer.finally(() => {
      pending -= 1;
    });
  } as never);
  try {
    await work();
  } finally {
    spy.mockRestore();
  }
  return sent;
}

const kindOf = ({ text }: Sent): string =>
  /^(BEGIN|COMMIT)$/.exec(text)?.[0] ??
  /finish_v\d+/.exec(text)?.[0] ??
  /^(select|insert into|update) .*?"?(log_head|opportunity|stage_change)"?/i
    .exec(text)
    ?.slice(1)
    .join(' ')
    .toLowerCase() ??
  text;

test('a winning is eight statements in three flights: open, lock, write and commit', async () => {
  const funnel = await world.funnel();
  const open = () =>
    createOpportunity(db, world.admin, { name: '单', funnelId: funnel.id, amount: '10' });
  const [first, second] = [await open(), await open()];
  // The first one reads what scores are made of; it is kept for as long as nothing of it changes.
  await winOpportunity(db, world.admin, { id: first.id });
  const sent = await statementsOf(() => winOpportunity(db, world.admin, { id: second.id }));
  expect(sent.map((one) => [one.flight, kindOf(one)])).toEqual([
    [1, 'BEGIN'],
    [1, 'select log_head'],
    [2, 'select opportunity'],
    [3, 'update opportunity'],
    [3, 'update stage_change'],
    [3, 'insert into stage_change'],
    [3, 'finish_v2'],
    [3, 'COMMIT'],
  ]);
  expect(sent.filter(({ prepared }) => !prepared).map(({ text }) => text)).toEqual([
    'BEGIN',
    'COMMIT',
  ]);
  const lock = sent[2]?.text ?? '';
  expect(lock).toContain('for no key update of "opportunity"');
  expect(lock).toContain('left join "stage" as "s"');
});

test('the texts of a winning are the same for every deal, so that they are planned once', async () => {
  const funnel = await world.funnel();
  const rep = await world.viewer('MEMBER', 'OWN');
  const texts = async (amount: string, wonAmount: string | null) => {
    const { id } = await createOpportunity(db, rep, { name: '单', funnelId: funnel.id, amount });
    const sent = await statementsOf(() => winOpportunity(db, rep, { id, wonAmount }));
    return sent.map(({ text }) => text);
  };
  expect(await texts('10', null)).toEqual(await texts('20', '30.25'));
});
