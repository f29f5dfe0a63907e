// npm run bench [-- name ...]: each benchmark in a process of its own. See docs/benchmarks.md.
import { spawnSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';

const NAMES = [
  'import',
  'boards',
  'growth',
  'search',
  'read',
  'win',
  'tasks',
  'start',
  'live',
  'nodes',
  'herd',
  'aggregates',
];

const [, , ...given] = process.argv;
const chosen = given.filter((name) => NAMES.includes(name));
// What is not a name goes to the benchmark: the folder of `import`, say.
const rest = given.filter((name) => !NAMES.includes(name));
for (const name of chosen.length > 0 ? chosen : NAMES) {
  const load = loadavg()[0] ?? 0;
  console.log(`\n${name} (load of the machine before it: ${load.toFixed(1)})`);
  const file = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  const { status } = spawnSync(process.execPath, [file, ...rest], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
