// What lies outside a data scope cannot be felt for: not by its ids or texts in filters, nor by trying to change it.
import { describe, expect, test } from 'vitest';
import { encodeGlobalId } from '../../../src/api/global-ids.ts';
import { newId } from '../../../src/database/ids.ts';
import { schema } from '../../../src/schema.ts';
import { nodeTypes } from '../documents.ts';
import type { Oracle } from '../oracle.ts';
import { nameOf } from '../places.ts';
import { isAnswered, isRefused, unlike, wrongWith } from '../probing.ts';
import { changesBetween, rowsOf } from '../rows.ts';
import { eachOf, spotsOf } from '../trying.ts';
import { callerOf, muster, oracleOf, records, rows, world } from './stage.ts';

const hiddenOf = (oracle: Oracle, type: string): string[] =>
  records.all(type).filter((id) => !oracle.sees(type, id));

const nowhere = (type: string, ids: readonly string[]) =>
  ids.map(() => encodeGlobalId(type, newId()));

const typesAt = (types: readonly string[]) =>
  types.length > 0 ? types : nodeTypes(schema).map(({ name }) => name);

describe.each(['rep', 'leader'] as const)('what the %s may not see', (name) => {
  test('is as good as nothing in every filter and argument that takes ids', async () => {
    const oracle = oracleOf(name);
    const probe = { schema, caller: callerOf(name), counts: isAnswered };
    const wrong: string[] = [];
    let tried = 0;
    await eachOf(spotsOf(schema, 'Query', ['id']), async (spot) => {
      for (const type of typesAt(spot.place.types)) {
        const hidden = hiddenOf(oracle, type).map((id) => encodeGlobalId(type, id));
        if (hidden.length === 0) continue;
        const isList = String(spot.place.type).includes('[');
        const values = isList ? [hidden.slice(0, 100)] : [hidden.slice(0, 1), hidden.slice(-1)];
        for (const ids of values) {
          tried += 1;
          const [value, nothing] = [ids, nowhere(type, ids)].map((all) => (isList ? all : all[0]));
          wrong.push(...(await wrongWith(probe, spot, value ?? '', nothing ?? '')));
        }
      }
    });
    expect(wrong).toEqual([]);
    expect(tried).toBeGreaterThan(40);
  });

  test('is found by none of its texts', async () => {
    const oracle = oracleOf(name);
    const probe = { schema, caller: callerOf(name), counts: isAnswered };
    const texts = textsBehind(oracle);
    expect(texts.length).toBeGreaterThan(2);
    const wrong: string[] = [];
    await eachOf(spotsOf(schema, 'Query', ['text']), async (spot) => {
      for (const text of texts) wrong.push(...(await wrongWith(probe, spot, text, unlike(text))));
    });
    expect(wrong).toEqual([]);
  });

  test('cannot be changed, nor told from nothing by trying', async () => {
    const oracle = oracleOf(name);
    const probe = { schema, caller: callerOf(name), counts: isRefused };
    const wrong: string[] = [];
    const tried = new Set<string>();
    await eachOf(spotsOf(schema, 'Mutation', ['id']), async (spot) => {
      for (const type of spot.place.types) {
        const [id] = hiddenOf(oracle, type).slice(-1);
        if (!id) continue;
        tried.add(nameOf(spot.place));
        const nothing = encodeGlobalId(type, newId());
        wrong.push(...(await wrongWith(probe, spot, encodeGlobalId(type, id), nothing)));
      }
    });
    expect(wrong).toEqual([]);
    expect(tried.size).toBeGreaterThan(20);
    const now = await rowsOf(muster.app.db.pool, world.admin.organizationId);
    expect(changesBetween(rows, now)).toEqual({});
  });
});

/** Names and phones of customers that are hidden, of records that are not: what a search could reach through them. */
function textsBehind(oracle: Oracle): string[] {
  const behind = ['Opportunity', 'Task'].flatMap((type) =>
    records
      .all(type)
      .filter((id) => oracle.sees(type, id))
      .flatMap((id) => oracle.row(id)?.customer_id ?? [])
      .filter((id) => !oracle.sees('Customer', id)),
  );
  const texts = [...new Set(behind)].flatMap((id) => [
    oracle.row(id)?.name ?? '',
    ...oracle.rows('contact').flatMap((row) => (row.customer_id === id ? (row.name ?? '') : [])),
  ]);
  return texts.filter(Boolean).slice(0, 6);
}
