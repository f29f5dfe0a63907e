import { describe, expect, test } from 'vitest';
import { encodeGlobalId } from '../../../src/api/global-ids.ts';
import { newId } from '../../../src/database/ids.ts';
import { schema } from '../../../src/schema.ts';
import { type Caller, connectionIn, refusalsIn } from '../caller.ts';
import { nodeTypes } from '../documents.ts';
import { nameOf } from '../places.ts';
import { isAnswered, type Probe, standsAt, unlike, wrongWith } from '../probing.ts';
import { changesBetween } from '../rows.ts';
import { eachOf, type Spot, spotsOf, tries, tryBoth } from '../trying.ts';
import { worlds } from './stage.ts';

async function cursorFor(caller: Caller, spot: Spot): Promise<string> {
  for (const operation of tries(schema, caller, spot, null)) {
    const { data } = await caller.ask(operation);
    const cursor = connectionIn(data, spot.field.name)?.pageInfo.startCursor;
    if (cursor) return cursor;
  }
  throw new Error(`${nameOf(spot.place)}: no record of tests/isolation/world.ts is in this list`);
}

const probe = (): Probe => ({
  ...{ schema, caller: worlds.stranger, secrets: worlds.secrets },
  counts: isAnswered,
});

describe('what the second organization fills in', () => {
  test('an id of the first is as good as one that exists nowhere, wherever one is taken', async () => {
    const { owner, second, rows } = worlds;
    const before = await rows(second);
    const wrong: string[] = [];
    await eachOf(spotsOf(schema, 'Query', ['id']), async (spot) => {
      const { types } = spot.place;
      for (const type of types.length > 0 ? types : nodeTypes(schema).map(({ name }) => name)) {
        const nothing = encodeGlobalId(type, newId());
        wrong.push(...(await wrongWith(probe(), spot, owner.records.globalId(type), nothing)));
      }
    });
    expect(wrong).toEqual([]);
    expect(changesBetween(before, await rows(second))).toEqual({});
  });

  test('a text of the first finds as much as one that stands nowhere', async () => {
    const { owner, first } = worlds;
    const wrong: string[] = [];
    await eachOf(spotsOf(schema, 'Query', ['text']), async (spot) => {
      const name = spot.place.path.at(-1) ?? '';
      const some = ['name', 'phone', name].flatMap((one) => owner.records.texts(one).slice(-2));
      for (const text of [first.marks.word, ...some].map((one) => one.slice(0, 60))) {
        wrong.push(...(await wrongWith(probe(), spot, text, unlike(text))));
      }
    });
    expect(wrong).toEqual([]);
  });

  test('a page cursor of the first is refused, one of its own taken', async () => {
    const { owner, stranger } = worlds;
    const wrong: string[] = [];
    await eachOf(spotsOf(schema, 'Query', ['pageCursor']), async (spot) => {
      const [theirs, own] = [await cursorFor(owner, spot), await cursorFor(stranger, spot)];
      const values = [theirs, theirs] as const;
      const refused = await tryBoth(schema, stranger, spot, values, (answer) =>
        refusalsIn(answer).some(
          (refusal) => refusal.code === 'BAD_CURSOR' && standsAt(spot.place, refusal),
        ),
      );
      if ('refused' in refused) wrong.push(`${nameOf(spot.place)} takes the cursor of the first`);
      const taken = await tryBoth(schema, stranger, spot, [own, own], (answer) =>
        refusalsIn(answer).every(({ code }) => code !== 'BAD_CURSOR'),
      );
      if ('refused' in taken) wrong.push(`${nameOf(spot.place)} does not take its own`);
    });
    expect(wrong).toEqual([]);
  });
});
