import { isObjectType } from 'graphql';
import { describe, expect, test } from 'vitest';
import { schema } from '../../../src/schema.ts';
import { type Caller, everythingIn, readIn, refusalsIn } from '../caller.ts';
import { nodeTypes, reachable } from '../documents.ts';
import { readings } from '../reading.ts';
import { tablesOf } from '../rows.ts';
import { eachOf } from '../trying.ts';
import { muster, worlds } from './stage.ts';

/** Reads all that a caller can: what came, and which fields were read on something that is there. */
async function readAll(caller: Caller) {
  const read = new Set<string>();
  const answers: { name: string; everything: unknown; sent: unknown }[] = [];
  await eachOf(readings(schema, caller), async ({ name, ...reading }) => {
    const answer = await caller.ask(reading);
    expect(refusalsIn(answer), name).toEqual([]);
    readIn(answer.data, read);
    answers.push({ name, everything: everythingIn(answer), sent: reading.variables });
  });
  return { answers, read };
}

describe('the walk is whole', () => {
  test('every table says whose its rows are', async () => {
    const { unknown } = await tablesOf(muster.app.db.pool);
    expect(unknown, 'add organization_id to these tables, or say in rows.ts why not').toEqual([]);
  });

  test('the first organization has a record of every type', () => {
    const { records } = worlds.owner;
    const missing = nodeTypes(schema).filter(({ name }) => records.all(name).length === 0);
    const advice = 'let tests/isolation/world.ts make records of these types';
    expect(
      missing.map(({ name }) => name),
      advice,
    ).toEqual([]);
  });

  test('its owner reads every field of every type, and finds the secrets', async () => {
    const { answers, read } = await readAll(worlds.owner);
    const query = schema.getQueryType();
    const fields = [...(query ? reachable(schema, query) : [])].flatMap((name) => {
      const type = schema.getType(name);
      if (!isObjectType(type) || type === query) return [];
      return Object.keys(type.getFields()).map((field) => `${name}.${field}`);
    });
    const advice =
      'nothing in tests/isolation/world.ts leads to these fields: let it make what does';
    expect(
      fields.filter((field) => !read.has(field)),
      advice,
    ).toEqual([]);
    const unseen = nodeTypes(schema).filter(({ name }) => {
      const answer = answers.find((one) => one.name === name);
      return worlds.secrets.revealedBy(answer?.everything, answer?.sent).length === 0;
    });
    expect(unseen.map(({ name }) => name)).toEqual([]);
  });
});

test('reading everything as the second organization reveals nothing of the first', async () => {
  const { answers } = await readAll(worlds.stranger);
  const revealed = answers.map(({ name, everything, sent }) => [
    name,
    worlds.secrets.revealedBy(everything, sent),
  ]);
  expect(revealed.filter(([, secrets]) => secrets?.length)).toEqual([]);
});
