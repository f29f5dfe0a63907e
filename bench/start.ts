// From starting the program to ready on an existing embedded database, and the memory of the idle server. Beside it the
// least that a start can be: Node itself, and the embedded database alone.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startEmbedded } from '../src/database/embedded.ts';
import { median, ROUNDS, report } from './support.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const IDLE_MS = 5_000;

interface Started {
  child: ChildProcess;
  milliseconds: number;
  /** Milliseconds of CPU in our process until then. */
  cpu: number;
}

/** Until /health/ready says so: the database is there and migrated, and the feed follows the log. */
async function start(directory: string): Promise<Started> {
  const begun = performance.now();
  const child = spawn(process.execPath, ['--require', './tools/runtime.cjs', 'src/main.ts'], {
    cwd: ROOT,
    env: { ...process.env, DATA_DIRECTORY: directory, PORT: '0', LOG_LEVEL: 'error' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const address = Promise.withResolvers<string>();
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
    if (found) address.resolve(found[0]);
  });
  child.once('exit', () => address.reject(new Error(`It ended instead of starting:\n${said}`)));
  const url = await address.promise;
  while ((await fetch(`${url}/health/ready`)).status !== 200) await sleep(10);
  return { child, milliseconds: performance.now() - begun, cpu: await cpuOf(child.pid ?? 0) };
}

async function stop({ child }: Started): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  await ended;
}

async function cpuOf(pid: number): Promise<number> {
  const stat = (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /, '').split(' ');
  return (Number(stat[11]) + Number(stat[12])) * 10;
}

async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1_024;
}

const directory = await mkdtemp(join(tmpdir(), 'muster-bench-'));
const first = await start(directory);
await stop(first);
const times = { ours: [] as number[], node: [] as number[], database: [] as number[] };
const memory: number[] = [];
const cpu: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  const started = await start(directory);
  times.ours.push(started.milliseconds);
  cpu.push(started.cpu);
  await sleep(IDLE_MS);
  memory.push(await residentMegabytes(started.child.pid ?? 0));
  await stop(started);

  let begun = performance.now();
  spawnSync(process.execPath, ['-e', '0']);
  times.node.push(performance.now() - begun);

  begun = performance.now();
  const embedded = await startEmbedded({ directory });
  times.database.push(performance.now() - begun);
  await embedded.stop();
}
report('start', {
  'first, with the demonstration, ms': first.milliseconds,
  'to ready, ms': median(times.ours),
  'CPU to ready, ms': median(cpu),
  'Node alone, ms': median(times.node),
  'the embedded database alone, ms': median(times.database),
  ratio: median(times.ours) / (median(times.node) + median(times.database)),
  'idle, MB': median(memory),
});
await rm(directory, { recursive: true, force: true });
