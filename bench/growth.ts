// The same board over 10,000, 100,000 and 1,000,000 ledger entries: what is answered from roll-ups must not grow with
// them. A from-to reads days, of which more are filled at first.
import type { Database } from '../src/database/database.ts';
import { readStandings } from '../src/metrics/standings.ts';
import { type Filled, fillBoard, PERIODS, questionFor } from './board-data.ts';
import { type Spent, spent } from './cpu.ts';
import { median, openDatabase, ROUNDS, report, withServer } from './support.ts';

const SIZES = [10_000, 100_000, 1_000_000];
const EACH = 8;

await withServer(async (server) => {
  const boards: { entries: number; db: Database; filled: Filled }[] = [];
  for (const entries of SIZES) {
    const db = openDatabase(await server.fresh(), 2);
    boards.push({ entries, db, filled: await fillBoard(db, entries) });
  }
  const page = { first: 10, after: null, around: null };
  for (const [name, input] of PERIODS) {
    const times = boards.map(() => [] as number[]);
    const costs = boards.map(() => [] as Spent[]);
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [index, { db, filled }] of boards.entries()) {
        const question = questionFor(filled, input);
        const cost = await spent(server.pid, async () => {
          for (let n = 0; n < EACH; n++) {
            const start = performance.now();
            await readStandings(db.pool, question, page);
            if (round > 0) times[index]?.push(performance.now() - start);
          }
        });
        if (round > 0) costs[index]?.push(cost);
      }
    }
    const figures: Record<string, number> = {};
    for (const [index, { entries }] of boards.entries()) {
      figures[`${entries / 1_000}k entries, ms`] = median(times[index] ?? []);
      figures[`CPU at ${entries / 1_000}k, ms`] =
        median((costs[index] ?? []).map(({ node, postgres }) => node + postgres)) / EACH;
    }
    figures['1,000k by 10k'] = median(times[2] ?? []) / median(times[0] ?? []);
    report(`growth, ${name}`, figures);
  }
  for (const { db } of boards) await db.close();
});
