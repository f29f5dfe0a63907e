// A second organization can change nothing of the first, and learns nothing by trying.
import { beforeAll, describe, expect, test } from 'vitest';
import { encodeGlobalId } from '../../../src/api/global-ids.ts';
import { newId } from '../../../src/database/ids.ts';
import { schema } from '../../../src/schema.ts';
import { everythingIn, refusalsIn } from '../caller.ts';
import { NOWHERE, nameOf } from '../places.ts';
import { isRefusedThere, wrongWith } from '../probing.ts';
import { inOrder } from '../recipes.ts';
import { changesBetween, type Rows, versionsOf } from '../rows.ts';
import { eachOf, type Spot, spotsOf, tries } from '../trying.ts';
import { muster, worlds } from './stage.ts';

let before: Rows;
/** What stood in the first's rows and was written into the second's. */
const sent = new Set<string>();

/** Records have changed: others must be named by their present versions. */
async function refresh(): Promise<void> {
  const { records } = worlds.stranger;
  records.takeVersions(await versionsOf(muster.app.db.pool, worlds.second.admin.organizationId));
}

describe('what the second organization does', () => {
  beforeAll(async () => {
    before = await worlds.rows(worlds.first);
    await refresh();
  });

  test('with an id of the first is refused by name, as with one that exists nowhere', async () => {
    const { owner, stranger, secrets } = worlds;
    const probe = { schema, caller: stranger, secrets, counts: isRefusedThere };
    const mine = await worlds.rows(worlds.second);
    const wrong: string[] = [];
    await eachOf(spotsOf(schema, 'Mutation', ['id']), async (spot) => {
      for (const type of spot.place.types) {
        const nothing = encodeGlobalId(type, newId());
        wrong.push(...(await wrongWith(probe, spot, owner.records.globalId(type), nothing)));
      }
    });
    expect(wrong.sort()).toEqual([]);
    expect(changesBetween(mine, await worlds.rows(worlds.second))).toEqual({});
    expect(changesBetween(before, await worlds.rows(worlds.first))).toEqual({});
  });

  test('under a key that the first used has an effect of its own', async () => {
    const { first, second, secrets, rows } = worlds;
    const ask = (token: string, name: string) =>
      muster.query(
        `mutation ($input: CreateProductInput!) { createProduct(input: $input) {
           __typename ... on CreateProductPayload { product { id name } } } }`,
        { input: { name, idempotencyKey: 'the same key' } },
        { token },
      );
    const theirs = await ask(first.admin.token, first.marks.text('keyed'));
    before = await rows(first);
    const own = await ask(second.admin.token, 'keyed');
    expect(own.data).toMatchObject({ createProduct: { product: { name: 'keyed' } } });
    expect(theirs.data).not.toEqual(own.data);
    expect(secrets.revealedBy(everythingIn(own))).toEqual([]);
  });

  test('with a name or key of the first is as free as with any other', async () => {
    const { owner, stranger, rows, first } = worlds;
    const wrong: string[] = [];
    for (const spot of spotsOf(schema, 'Mutation', ['text'])) {
      const name = spot.place.path.at(-1) ?? '';
      const own = new Set(stranger.records.texts(name));
      const text = owner.records.texts(name).find((one) => !own.has(one) && !sent.has(one));
      if (text === undefined || /password|sign/i.test(spot.field.name)) continue;
      sent.add(text);
      await refresh();
      // The first record of each type is left for the test below.
      const [, operation] = tries(schema, stranger, spot, text);
      if (!operation) continue;
      const refusals = refusalsIn(await stranger.ask(operation));
      const isTaken = refusals.some(({ code }) => !['INVALID_INPUT', 'WRONG_STATE'].includes(code));
      if (isTaken) wrong.push(`${nameOf(spot.place)} with ${text}: ${JSON.stringify(refusals)}`);
    }
    expect(sent.size).toBeGreaterThan(20);
    expect(wrong).toEqual([]);
    expect(changesBetween(before, await rows(first))).toEqual({});
  });

  test('with its own records reveals and changes nothing of the first', async () => {
    const { stranger, secrets } = worlds;
    const fields = schema.getMutationType()?.getFields() ?? {};
    const wrong: string[] = [];
    for (const name of inOrder(Object.keys(fields))) {
      const field = fields[name];
      if (!field) continue;
      const { refused, revealed } = await succeed({ parent: 'Mutation', field, place: NOWHERE });
      if (refused) wrong.push(`${name} never succeeds, give it a recipe in recipes.ts: ${refused}`);
      if (revealed.length > 0) wrong.push(`${name} reveals ${revealed.join(', ')}`);
    }
    expect(wrong).toEqual([]);
    expect(changesBetween(before, await worlds.rows(worlds.first))).toEqual({});

    /** Calls it on one record after the other until it does something. */
    async function succeed(spot: Spot) {
      const said = new Set<string>();
      const revealed: string[] = [];
      await refresh();
      for (const operation of tries(schema, stranger, spot, null)) {
        const answer = await stranger.ask(operation);
        revealed.push(...secrets.revealedBy(everythingIn(answer), [operation.variables, ...sent]));
        const refusals = refusalsIn(answer);
        if (refusals.length === 0) return { refused: null, revealed };
        for (const { code, message } of refusals) said.add(`${code} ${message}`);
      }
      return { refused: [...said].join('; '), revealed };
    }
  });
});
