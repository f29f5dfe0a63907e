// Two characters of a name among 1,000,000 customers, and four digits of a phone: the page of 20 that the API shows,
// through the real query, beside the same rows by their ids in bare SQL.
import type { Database } from '../src/database/database.ts';
import { newId } from '../src/database/ids.ts';
import { systemViewer } from '../src/database/viewer.ts';
import type { Slice } from '../src/domains/customers/list.ts';
import { type Listed, listPlaces } from '../src/domains/customers/list-store.ts';
import { hashGrams, searchIndex, searchTerms } from '../src/domains/customers/search-text.ts';
import { madeUpCustomers } from '../tests/domains/customers/made-up-customers.ts';
import { type Spent, spent } from './cpu.ts';
import { makeOrganization } from './organization.ts';
import { median, ROUNDS, report, withDatabase } from './support.ts';

const CUSTOMERS = Number(process.env.CUSTOMERS ?? 1_000_000);
const BATCH = 5_000;
const EACH = 5;
/** Frequent and rare characters, an ending that most have, parts of cities and lines, none at all, and digits. */
const SEARCHES = ['恒天', '信达', '有限', '上海', '科技', '华鑫', '某某', '1380', '8888'];

const SLICE: Slice = {
  order: [
    { field: 'createdAt', direction: 'DESC' },
    { field: 'id', direction: 'DESC' },
  ],
  size: 21,
  backward: false,
  after: null,
  before: null,
};

async function fill(db: Database, organizationId: string, ownerId: string): Promise<void> {
  let rows: unknown[] = [];
  let made = 0;
  const send = async () => {
    await db.pool.query({
      name: 'fill',
      text: `INSERT INTO customer (id, organization_id, version, kind, name, region, lifecycle, owner_id, phones, tags,
               search_grams, search_text, created_at, updated_at)
             SELECT n.id, $1, 1, 'COMPANY', n.name, n.region, 'POTENTIAL', $2, n.phones, '{}', n.grams, n.text, n.at, n.at
             FROM jsonb_to_recordset($3::jsonb) AS n(id uuid, name text, region text, phones text[], grams integer[],
               text text, at timestamptz)`,
      values: [organizationId, ownerId, JSON.stringify(rows)],
    });
    rows = [];
  };
  const start = Date.parse('2020-01-01T00:00:00Z');
  for (const { name, region, phones, contacts } of madeUpCustomers(CUSTOMERS)) {
    const { grams, text } = searchIndex({
      names: [name, ...contacts.map((contact) => contact.name)],
      phones: [...phones, ...contacts.map((contact) => contact.phone)],
    });
    const at = new Date(start + made * 60_000).toISOString();
    rows.push({
      id: newId(),
      name,
      region,
      phones,
      grams: hashGrams(organizationId, grams),
      text,
      at,
    });
    made += 1;
    if (rows.length === BATCH) await send();
  }
  if (rows.length > 0) await send();
  await db.pool.query('VACUUM ANALYZE customer');
}

await withDatabase(async (db, server) => {
  const { admin } = await makeOrganization(db, 1);
  const { organizationId, memberId } = admin;
  const begun = performance.now();
  await db.pool.query('DROP INDEX customer_search_grams_idx');
  await fill(db, organizationId, memberId);
  await db.pool.query(
    'CREATE INDEX customer_search_grams_idx ON customer USING GIN (search_grams) WITH (fastupdate = off)',
  );
  console.log(`filled in ${Math.round((performance.now() - begun) / 1_000)} s`);
  const viewer = systemViewer(organizationId, memberId, 'bench');
  for (const search of SEARCHES) {
    const listed: Listed = { viewer, filter: {}, terms: searchTerms(search) };
    const found = await listPlaces(db, listed, SLICE);
    const ids = found.map(({ id }) => id);
    const measured = {
      ours: () => listPlaces(db, listed, SLICE),
      bare: () =>
        db.pool.query({
          name: 'bare',
          text: 'SELECT created_at, id FROM customer WHERE id = ANY ($1::uuid[]) ORDER BY 1 DESC, 2 DESC',
          values: [ids],
        }),
    };
    const times = { ours: [] as number[], bare: [] as number[] };
    const costs = { ours: [] as Spent[], bare: [] as Spent[] };
    for (let round = 0; round <= ROUNDS; round++) {
      for (const name of ['ours', 'bare'] as const) {
        const cost = await spent(server.pid, async () => {
          for (let n = 0; n < EACH; n++) {
            const start = performance.now();
            await measured[name]();
            if (round > 0) times[name].push(performance.now() - start);
          }
        });
        if (round > 0) costs[name].push(cost);
      }
    }
    report(`search, ${search}`, {
      rows: found.length,
      'ours, ms': median(times.ours),
      'CPU, ms': median(costs.ours.map(({ node, postgres }) => node + postgres)) / EACH,
      'the same rows by id, ms': median(times.bare),
      ratio: median(times.ours) / median(times.bare),
    });
  }
});
