// 100,000 customers and 300,000 opportunities of 200 members in 20 teams, put in by SQL.
import type { Database } from '../src/database/database.ts';
import type { Bench } from './organization.ts';

export const CUSTOMERS = Number(process.env.CUSTOMERS ?? 100_000);
const TEAMS = 20;

/** Members and customers are dealt out evenly; names and grades repeat, amounts and moments do not. */
export async function fillForReads(db: Database, { admin, members }: Bench): Promise<void> {
  const { organizationId } = admin;
  const run = (text: string, values: unknown[] = []) =>
    db.pool.query(text, [organizationId, ...values]);
  await run(
    `WITH made AS (
       INSERT INTO team (id, organization_id, version, name, created_at)
       SELECT gen_random_uuid(), $1, 1, 'Region ' || n, '2020-01-01' FROM generate_series(1, $2::integer) n
       RETURNING id),
     numbered AS (SELECT id, row_number() OVER () - 1 AS n FROM made)
     UPDATE membership m SET team_id = t.id
     FROM unnest($3::uuid[]) WITH ORDINALITY AS u(member_id, n), numbered t
     WHERE m.organization_id = $1 AND m.member_id = u.member_id AND t.n = u.n % $2`,
    [TEAMS, members],
  );
  const { rows } = await db.pool.query<{ funnel: string; stage: string }>(
    `WITH f AS (INSERT INTO funnel (id, organization_id, version, name, created_at)
       VALUES (gen_random_uuid(), $1, 1, 'Read', now()) RETURNING id)
     INSERT INTO stage (id, organization_id, funnel_id, ordinal, name, kind, probability, required_fields)
     SELECT gen_random_uuid(), $1, f.id, 1, 'Open', 'OPEN', 0.5, '{}' FROM f RETURNING funnel_id AS funnel, id AS stage`,
    [organizationId],
  );
  await run(
    `INSERT INTO customer (id, organization_id, version, kind, name, grade, lifecycle, owner_id, tags, phones, emails,
       search_grams, search_text, created_at, updated_at)
     SELECT gen_random_uuid(), $1, 1, 'COMPANY', 'Customer ' || n, (ARRAY['A','B','C','D'])[1 + n % 4]::"Grade", 'ACTIVE',
       ($3::uuid[])[1 + n % cardinality($3::uuid[])], '{}', '{}', '{}', '{}', '',
       '2020-01-01'::timestamptz + n * interval '1 minute', now()
     FROM generate_series(1, $2::integer) n`,
    [CUSTOMERS, members],
  );
  await run(
    `INSERT INTO opportunity (id, organization_id, version, name, customer_id, owner_id, funnel_id, stage_id, status, amount,
       opened_at, stage_entered_at, created_at, updated_at)
     SELECT gen_random_uuid(), $1, 1, 'Deal ' || k || ' of ' || c.name, c.id, c.owner_id, $2, $3, 'OPEN', 1000.5 * k,
       c.created_at, c.created_at, c.created_at + k * interval '1 second', now()
     FROM customer c, generate_series(1, 3) k WHERE c.organization_id = $1`,
    [rows[0]?.funnel, rows[0]?.stage],
  );
  await db.pool.query('VACUUM ANALYZE');
}
