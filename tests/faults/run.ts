// npm run faults [-- --short] [--seed=N] [--only=text]: nodes, PostgreSQL, Redis, connections and clients fail while
// writers write and screens watch. In the end every screen must have shown everything once and in order, every
// acknowledged write must be in the log once, and the ledger must be what the log says.
import { parseArgs } from 'node:util';
import type { Fault } from './fault.ts';
import { FAULTS } from './faults.ts';
import { readLog, verifyLedger } from './final-checks.ts';
import { isGood, sum, type Verdict } from './model.ts';
import type { Screen } from './screen.ts';
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

const words = ({ expected, missing, outOfOrder, doubled, strange }: Verdict): string =>
  `${expected} expected: missing ${missing}, out of order ${outOfOrder}, doubled ${doubled}, strange ${strange}`;

const countBreaks = (): number => world.screens.reduce((sum, { breaks }) => sum + breaks, 0);

async function suffer({ name, happen, breaksScreens, rate }: Fault): Promise<void> {
  const began = performance.now();
  const { model, writers, size, screens } = world;
  const [writes, retries, breaks] = [model.count, writers.retries, countBreaks()];
  writers.start(rate?.(world) ?? size.rate);
  let what = '';
  try {
    what = await happen(world);
  } finally {
    await writers.stop();
  }
  await world.untilEverythingIsShown();
  const verdict = sum(screens.map((screen) => screen.judge(model)));
  const skipped = screens.filter(({ resets }) => resets.includes('SKIPPED')).length;
  const wrong = screens.flatMap(complaintsOf);
  const broken = countBreaks() - breaks;
  if (breaksScreens && broken === 0) wrong.push('no connection was broken');
  for (const { node } of world.posts) {
    if (node.endedByItself > 0) wrong.push(`${node.name} has ended by itself`);
  }
  if (model.count === writes) wrong.push('nothing was written');
  const seconds = Math.round((performance.now() - began) / 1_000);
  const figures = [
    `${model.count - writes} writes`,
    `${writers.retries - retries} sent again`,
    `${broken} connections broken`,
    ...(skipped > 0 ? [`${skipped} boards left something out and said so`] : []),
    `${seconds} s`,
  ];
  say(
    isGood(verdict) && wrong.length === 0,
    [`${name} (${what}): ${words(verdict)}; ${figures.join(', ')}`, ...new Set(wrong)].join('; '),
  );
}

/** Boards may leave out what came faster than it was read; a history may not, as nothing here is too much for it. */
const ALLOWED_RESETS = ['FIRST', 'SKIPPED'];

function complaintsOf(screen: Screen): string[] {
  const who = screen.constructor.name;
  const resets = screen.resets.splice(0).filter((reason) => !ALLOWED_RESETS.includes(reason));
  return [
    ...(screen.failure === null ? [] : [`a ${who} has ended: ${screen.failure}`]),
    ...screen.problems.splice(0).map((problem) => `a ${who} has shown an error: ${problem}`),
    ...resets.map((reason) => `a ${who} had to begin afresh: ${reason}`),
  ];
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
  for (const fault of FAULTS.filter(({ name }) => name.includes(values.only))) {
    const why = failed > 0 ? 'what failed before would fail it, too' : fault.skip?.(world);
    if (why) console.log(`skipped ${fault.name}: ${why}`);
    else await suffer(fault);
  }
  await checkRecord();
} catch (error) {
  say(false, error instanceof Error ? (error.stack ?? error.message) : String(error));
}
if (failed > 0) {
  for (const { node } of world.posts) console.log(`${node.name} said last:\n${node.lastWords()}`);
  console.log(`All of it is kept in ${world.directory}`);
}
await world.close(failed > 0);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
