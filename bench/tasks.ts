// Completing tasks through the service, everything written (key, task, history, event, score entry, roll-ups, outcome):
// 16 writers in 16 organizations. Beside it BEGIN, one UPDATE, COMMIT, and the same statements by bare pg.
import pg from 'pg';
import type { Database } from '../src/database/database.ts';
import { newId } from '../src/database/ids.ts';
import { completeTask } from '../src/domains/tasks/transitions.ts';
import { type Spent, spent } from './cpu.ts';
import { type Bench, makeOrganization } from './organization.ts';
import { replay, statementsFor, statementsOf } from './replay.ts';
import { median, ROUNDS, report, withDatabase } from './support.ts';

const WRITERS = 16;
const TASKS = Number(process.env.TASKS ?? 100);

async function makeTasks(
  db: Database,
  { admin, members }: Bench,
  count: number,
): Promise<string[]> {
  const ids = Array.from({ length: count }, () => newId());
  const { organizationId, memberId } = admin;
  await db.pool.query(
    `INSERT INTO task (id, organization_id, title, status, priority, difficulty, importance, assignee_id, creator_id, created_at, updated_at)
     SELECT id, $2, 'Bench', 'OPEN', 'NORMAL', 'NORMAL', 'SMALL', $3, $4, now() - interval '1 hour', now() - interval '1 hour' FROM unnest($1::uuid[]) AS id`,
    [ids, organizationId, members[0], memberId],
  );
  await db.pool.query(
    `INSERT INTO task_status_change (id, organization_id, task_id, status, "from", by_id)
     SELECT gen_random_uuid(), $2, id, 'OPEN', now() - interval '1 hour', $3 FROM unnest($1::uuid[]) AS id`,
    [ids, organizationId, memberId],
  );
  return ids;
}

/** Runs every writer to its end. */
const together = (work: (writer: number) => Promise<void>) => async () => {
  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => work(writer)));
};

await withDatabase(async (db, server) => {
  const organizations: Bench[] = [];
  for (let n = 0; n < WRITERS; n++) organizations.push(await makeOrganization(db, 3));
  const clients = organizations.map(() => new pg.Client({ connectionString: server.url }));
  for (const client of clients) client.on('error', () => {});
  await Promise.all(clients.map((client) => client.connect()));
  const names = ['service', 'update', 'bare'] as const;
  const costs = new Map<string, Spent[]>(names.map((name) => [name, []]));

  const round = async (count: number, kept: boolean) => {
    const tasks = await Promise.all(organizations.map((one) => makeTasks(db, one, count)));
    const plain = await Promise.all(organizations.map((one) => makeTasks(db, one, count)));
    const others = await Promise.all(organizations.map((one) => makeTasks(db, one, count + 1)));
    const patterns = await Promise.all(
      organizations.map(async ({ admin }, writer) => {
        const id = others[writer]?.pop() ?? '';
        return { admin, id };
      }),
    );
    const recorded: ReturnType<typeof statementsFor>[][] = [];
    for (const [writer, { admin, id }] of patterns.entries()) {
      const since = Date.now();
      const key = newId();
      const sent = await statementsOf(() => completeTask(db, admin, { id, idempotencyKey: key }));
      recorded.push(
        (others[writer] ?? []).map((other) => statementsFor(sent, new Map([[id, other]]), since)),
      );
    }
    const measured: Record<(typeof names)[number], () => Promise<void>> = {
      service: together(async (writer) => {
        const { admin } = organizations[writer] as Bench;
        for (const id of tasks[writer] ?? []) {
          await completeTask(db, admin, { id, idempotencyKey: newId() });
        }
      }),
      update: together(async (writer) => {
        for (const id of plain[writer] ?? []) {
          const client = await db.pool.connect();
          await client.query('BEGIN');
          await client.query({
            name: 'update',
            text: `UPDATE task SET status = 'DONE', completed_at = now(), version = version + 1 WHERE id = $1`,
            values: [id],
          });
          await client.query('COMMIT');
          client.release();
        }
      }),
      bare: together(async (writer) => {
        for (const statements of recorded[writer] ?? []) {
          await replay(clients[writer] as pg.Client, statements);
        }
      }),
    };
    for (const name of names) {
      const cost = await spent(server.pid, measured[name]);
      const each = count * WRITERS;
      if (kept) {
        costs.get(name)?.push({
          wall: cost.wall / each,
          node: cost.node / each,
          postgres: cost.postgres / each,
        });
      }
    }
  };

  await round(20, false);
  for (let n = 0; n < ROUNDS; n++) await round(TASKS, true);
  const of = (name: string, key: keyof Spent) =>
    median((costs.get(name) ?? []).map((cost) => cost[key]));
  for (const name of names) {
    report(`tasks, ${name}`, {
      'per second': 1_000 / of(name, 'wall'),
      'CPU of Node, ms': of(name, 'node'),
      'CPU of PostgreSQL, ms': of(name, 'postgres'),
      'rate as a part of the bare statements': of('bare', 'wall') / of(name, 'wall'),
    });
  }
  await Promise.all(clients.map((client) => client.end()));
});
