// npm run faults [-- --short] [--seed=N] [--only=text]: nodes, PostgreSQL, Redis, connections and clients fail while
// writers write and screens watch. In the end every screen must have shown everything once and in order, every
// acknowledged write must be in the log once, and the ledger must be what the log says.
import { parseArgs } from 'node:util';
import { FAULTS, type Fault } from './faults.ts';
import { readLog, verifyLedger } from './final-checks.ts';
import { isGood, sum, type Verdict } from './model.ts';
import { untilNothingLeft } from './patience.ts';
import { LONG, SHORT } from './size.ts';
import { World } from './world.ts';

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    seed: { type: 'string' },
    only: { type: 'string', default: '' },
  },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const world = new World(seed, values.short ? SHORT : LONG);
let passed = 0;
let failed = 0;

function say(isOk: boolean, text: string): void {
  if (isOk) passed += 1;
  else failed += 1;
  console.log(`${isOk ? 'ok     ' : 'FAILED '} ${text}`);
}

const judge = (): Verdict => sum(world.screens.map((screen) => screen.judge(world.model)));

const words = ({ expected, missing, outOfOrder, doubled, strange }: Verdict): string =>
  `of ${expected}: missing ${missing}, out of order ${outOfOrder}, doubled ${doubled}, strange ${strange}`;

async function suffer({ name, happen }: Fault): Promise<void> {
  const began = performance.now();
  const { model, writers, screens } = world;
  const [writes, retries] = [model.count, writers.retries];
  const breaks = screens.map((screen) => screen.breaks).reduce((a, b) => a + b, 0);
  writers.start();
  let what = '';
  try {
    what = await happen(world);
  } finally {
    await writers.stop();
  }
  await untilNothingLeft(() => judge().missing);
  const verdict = judge();
  const broken = screens.map((screen) => screen.breaks).reduce((a, b) => a + b, 0) - breaks;
  const seconds = Math.round((performance.now() - began) / 1_000);
  say(
    isGood(verdict),
    `${name} (${what}; ${model.count - writes} writes, ${writers.retries - retries} sent again, ${broken} connections broken, ${seconds} s): ${words(verdict)}`,
  );
}

async function checkRecord(): Promise<void> {
  const verdict = world.model.compareLog(await readLog(world.db));
  say(
    isGood(verdict),
    `every acknowledged write is in the log once, and nothing else: ${words(verdict)}`,
  );
  const { isClean, said } = await verifyLedger(world.databaseUrl);
  say(isClean, `ledger:verify: ${said}`);
}

console.log(`seed ${seed}`);
try {
  await world.open();
  await world.openScreens();
  for (const fault of FAULTS.filter(({ name }) => name.includes(values.only))) await suffer(fault);
  await checkRecord();
} catch (error) {
  say(false, error instanceof Error ? (error.stack ?? error.message) : String(error));
}
await world.close(failed > 0);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
