// npm run soak [-- --cycles=N]: clients subscribe and leave, 100,000 times unless said otherwise, with and without
// groups. In the end heap, timers, listeners, mailboxes, groups and connections must be where they were.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { cycles: { type: 'string', default: '100000' } } });
const vitest = ['--require', './tools/runtime.cjs', 'node_modules/vitest/vitest.mjs', 'run'];
const { status } = spawnSync(process.execPath, [...vitest, 'tests/soak'], {
  stdio: 'inherit',
  env: { ...process.env, SOAK_CYCLES: values.cycles },
});
process.exitCode = status ?? 1;
