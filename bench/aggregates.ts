// Group-bys over 1,000,000 opportunities through GraphQL over HTTP, beside the same question as SQL written by hand
// over bare pg, on the same server in the same run. Each answer of ours is compared with the other.
import pg from 'pg';
import { pino } from 'pino';
import { createApp } from '../src/app.ts';
import { newId } from '../src/database/ids.ts';
import { createFunnel } from '../src/domains/funnels/funnel-service.ts';
import { readSettings } from '../src/settings.ts';
import { type Spent, spent } from './cpu.ts';
import { type Bench, makeOrganization } from './organization.ts';
import { median, ROUNDS, report, withServer } from './support.ts';

const OPPORTUNITIES = Number(process.env.OPPORTUNITIES ?? 1_000_000);
const MEMBERS = 80;

interface Question {
  name: string;
  query: string;
  sql: string;
  /** Both answers as text that is equal when they are. */
  ours(groups: Group[]): string[];
  theirs(rows: Record<string, string>[]): string[];
}

interface Group {
  key: Record<string, unknown>;
  count: number;
  amount?: { sum: string | null };
}

const exact = (value: string | null | undefined) => (value == null ? '-' : String(Number(value)));

const QUESTIONS: Question[] = [
  {
    name: 'count and sum by stage',
    query: `{ opportunityAggregate(groupBy: [{ field: STAGE }], first: 100) { groups { key { stage { name } } count amount { sum } } } }`,
    sql: `SELECT s.name, count(*), coalesce(sum(o.amount), 0) AS sum FROM opportunity o JOIN stage s ON s.id = o.stage_id
      WHERE o.organization_id = $1 AND NOT o.archived_as_mistake GROUP BY s.id, s.name`,
    ours: (groups) =>
      groups.map(({ key, count, amount }) =>
        [(key.stage as { name: string }).name, count, exact(amount?.sum)].join(' '),
      ),
    theirs: (rows) => rows.map(({ name, count, sum }) => [name, count, exact(sum)].join(' ')),
  },
  {
    name: 'won by owner and month of a year',
    query: `{ opportunityAggregate(period: { unit: { unit: YEAR, containing: "2026-06-01" } }, periodOf: CLOSED_AT,
      groupBy: [{ field: OWNER }, { field: CLOSED_AT, by: MONTH }], first: 1000) {
      groups { key { owner { name } closedAt { from } } count amount: wonAmount { sum } } } }`,
    sql: `SELECT m.name, to_char(date_trunc('month', o.closed_at AT TIME ZONE 'Asia/Shanghai'), 'YYYY-MM-DD') AS month,
        count(*), coalesce(sum(o.won_amount), 0) AS sum
      FROM opportunity o JOIN member m ON m.id = o.owner_id WHERE o.organization_id = $1 AND NOT o.archived_as_mistake
        AND o.closed_at >= '2026-01-01T00:00:00+08' AND o.closed_at < '2027-01-01T00:00:00+08' GROUP BY m.id, m.name, 2`,
    ours: (groups) =>
      groups.map(({ key, count, amount }) =>
        [
          (key.owner as { name: string }).name,
          (key.closedAt as { from: string }).from,
          count,
          exact(amount?.sum),
        ].join(' '),
      ),
    theirs: (rows) =>
      rows.map(({ name, month, count, sum }) => [name, month, count, exact(sum)].join(' ')),
  },
];

/** So many opportunities over two years, spread over stages and owners. */
async function fill(client: pg.Client, { admin, members }: Bench, funnelId: string): Promise<void> {
  await client.query(
    `INSERT INTO opportunity (id, organization_id, name, owner_id, funnel_id, stage_id, status, amount, won_amount,
       opened_at, stage_entered_at, closed_at, created_at, updated_at)
     SELECT gen_random_uuid(), $1, 'Deal ' || n, ($2::uuid[])[1 + n % $3::int], $4, s.id, s.kind::text::"OpportunityStatus",
       100 + n % 977, CASE WHEN s.kind = 'WON' THEN 100 + n % 911 END, t, t, CASE WHEN s.kind <> 'OPEN' THEN t + interval '20 days' END, t, t
     FROM (SELECT n, '2025-01-01'::timestamptz + make_interval(secs => n::float8 * 63072000 / $5::float8) AS t
       FROM generate_series(0, $5::int - 1) n) g
     JOIN (SELECT id, kind, row_number() OVER (ORDER BY ordinal) AS i, count(*) OVER () AS n_stages FROM stage WHERE funnel_id = $4) s
       ON s.i = 1 + (n::bigint * 7919) % s.n_stages`,
    [admin.organizationId, members, members.length, funnelId, OPPORTUNITIES],
  );
  await client.query('VACUUM ANALYZE');
}

await withServer(async (server) => {
  const settings = readSettings({
    ...{ DATABASE_URL: server.url, PORT: '0', LOG_LEVEL: 'silent', MAX_QUERY_COST: '10000000' },
  });
  const app = createApp(settings, { log: pino({ level: 'silent' }) });
  await app.start();
  const bench = await makeOrganization(app.db, MEMBERS);
  const stages = [
    ...['Lead', 'Visit', 'Offer', 'Contract'].map((name) => ({
      ...{ name, kind: 'OPEN' as const, probability: '0.5' },
    })),
    { name: 'Won', kind: 'WON' as const },
    { name: 'Lost', kind: 'LOST' as const },
  ];
  const funnel = await createFunnel(app.db, bench.admin, { name: 'Bench', stages });
  const client = new pg.Client({ connectionString: server.url });
  client.on('error', () => {});
  await client.connect();
  await client.query('SET jit = off');
  await fill(client, bench, funnel.id);

  const ask = async (query: string): Promise<Group[]> => {
    const answer = await fetch(app.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${bench.token}` },
      body: JSON.stringify({ query: `# ${newId()}\n${query}` }),
    });
    const { data, errors } = (await answer.json()) as {
      data: { opportunityAggregate: { groups: Group[] } } | null;
      errors?: unknown;
    };
    if (!data) throw new Error(JSON.stringify(errors));
    return data.opportunityAggregate.groups;
  };

  for (const { name, query, sql, ours, theirs } of QUESTIONS) {
    const times = { ours: [] as number[], sql: [] as number[] };
    const costs = { ours: [] as Spent[], sql: [] as Spent[] };
    const read = async () => (await client.query(sql, [bench.admin.organizationId])).rows;
    const [mine, plain] = [ours(await ask(query)).sort(), theirs(await read()).sort()];
    const differs = [...plain.keys()].find((at) => mine[at] !== plain[at]);
    if (differs !== undefined || mine.length !== plain.length) {
      const at = differs ?? plain.length;
      throw new Error(
        `${name}: ${mine.length} groups beside ${plain.length}, ${mine[at]} beside ${plain[at]}`,
      );
    }
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [kind, work] of [
        ['ours', () => ask(query)],
        ['sql', read],
      ] as const) {
        const start = performance.now();
        const cost = await spent(server.pid, work);
        if (round === 0) continue;
        times[kind].push(performance.now() - start);
        costs[kind].push(cost);
      }
    }
    const cpu = (kind: 'ours' | 'sql') =>
      median(costs[kind].map(({ node, postgres }) => node + postgres));
    report(`aggregates, ${name}, ${mine.length} groups`, {
      'ours, ms': median(times.ours),
      'the SQL alone, ms': median(times.sql),
      ratio: median(times.ours) / median(times.sql),
      'CPU, ms': cpu('ours'),
      'CPU of the SQL, ms': cpu('sql'),
    });
  }
  await client.end();
  await app.stop();
});
