// A board of 5,000 members over 1,000,000 ledger entries: top 10 and `around`, for its own unit, all time and from-to,
// asked once, and again after every new score; beside the least SQL that adds up the same sums, in the same run.
import { runText } from '../src/database/statements.ts';
import { readKeptStandings } from '../src/metrics/kept-standings.ts';
import { readStandings } from '../src/metrics/standings.ts';
import type { Page } from '../src/metrics/standings-page.ts';
import type { BoardQuestion } from '../src/metrics/standings-sql.ts';
import { addScore, fillBoard, PERIODS, questionFor } from './board-data.ts';
import { type Spent, spent } from './cpu.ts';
import { median, ROUNDS, report, withDatabase } from './support.ts';

const ENTRIES = Number(process.env.ENTRIES ?? 1_000_000);
const EACH = 8;

function sumsOf({ organizationId, measures, sources }: BoardQuestion): [string, unknown[]] {
  const buckets = (sources[0]?.buckets ?? []).map(
    ({ unit, keys }) =>
      `grain = '${unit}' AND bucket IN (${keys.map((key) => `'${key}'`).join(', ')})`,
  );
  return [
    `SELECT contestant_id, sum(amount) AS amount FROM rollup
     WHERE organization_id = $1 AND metric_version_id = $2 AND kind = 'MEMBER' AND (${buckets.join(' OR ')})
     GROUP BY 1 ORDER BY 2 DESC LIMIT 10`,
    [organizationId, measures[0]?.versionId],
  ];
}

await withDatabase(async (db, server) => {
  const filled = await fillBoard(db, ENTRIES);
  const pages: [string, Page][] = [
    ['top 10', { first: 10, after: null, around: null }],
    ['around the last', { first: 10, after: null, around: filled.last }],
  ];
  for (const [periodName, input] of PERIODS) {
    const question = questionFor(filled, input);
    const [text, values] = sumsOf(question);
    for (const [pageName, page] of pages) {
      const measured = {
        once: () => readStandings(db.pool, question, page),
        again: () => readKeptStandings(db.pool, question, page),
        sums: () => runText(db.pool, text, values),
      };
      const times = { once: [] as number[], again: [] as number[], sums: [] as number[] };
      const costs = { once: [] as Spent[], again: [] as Spent[], sums: [] as Spent[] };
      for (let round = 0; round <= ROUNDS; round++) {
        for (const name of ['once', 'again', 'sums'] as const) {
          const cost = await spent(server.pid, async () => {
            for (let n = 0; n < EACH; n++) {
              if (name === 'again') await addScore(db.pool, filled, round * EACH + n);
              const start = performance.now();
              await measured[name]();
              if (round > 0) times[name].push(performance.now() - start);
            }
          });
          if (round > 0) costs[name].push(cost);
        }
      }
      const cpu = (name: 'once' | 'sums') =>
        median(costs[name].map(({ node, postgres }) => node + postgres)) / EACH;
      report(`board, ${periodName}, ${pageName}`, {
        'asked once, ms': median(times.once),
        'fastest, ms': Math.min(...times.once),
        'CPU, ms': cpu('once'),
        'asked again after a new score, ms': median(times.again),
        'the sums alone in SQL, ms': median(times.sums),
        'their CPU, ms': cpu('sums'),
        'ratio, once': median(times.once) / median(times.sums),
        'ratio, again': median(times.again) / median(times.sums),
        'ratio of CPU, once': cpu('once') / cpu('sums'),
      });
    }
  }
});
