// A node of Muster as a process of its own, so that its CPU can be told from the load generator's.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

export interface NodeProcess {
  url: string;
  /** Milliseconds of CPU, all threads, since it started. */
  cpu(): number;
  /** The value of a metric without labels or with these. */
  metric(name: string): Promise<number>;
  stop(): Promise<void>;
}

const METRICS_TOKEN = 'bench-metrics-token';

/** Ready when it resolves. */
export async function startNodeProcess(
  databaseUrl: string,
  environment: Record<string, string> = {},
): Promise<NodeProcess> {
  const child = spawn(process.execPath, ['--require', './tools/runtime.cjs', 'src/main.ts'], {
    cwd: ROOT,
    env: {
      ...process.env,
      ...{ DATABASE_URL: databaseUrl, PORT: '0', LOG_LEVEL: 'error', METRICS_TOKEN },
      ...{ DRAIN_READY_MS: '0', DRAIN_WINDOW_MS: '0', MAX_MESSAGES_PER_SECOND: '100000' },
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await addressOf(child);
  while ((await fetch(`${url}/health/ready`)).status !== 200) await sleep(20);
  return {
    url: `${url}/graphql`,
    cpu: () => cpuOf(child.pid ?? 0),
    async metric(name) {
      const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
      const text = await (await fetch(`${url}/metrics`, { headers })).text();
      const line = text.split('\n').find((one) => one.startsWith(`${name} `));
      return Number(line?.split(' ')[1] ?? Number.NaN);
    },
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGINT');
      await ended;
    },
  };
}

function addressOf(child: ChildProcess): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
    if (found) resolve(found[0]);
  });
  child.once('exit', () => reject(new Error(`A node ended instead of starting:\n${said}`)));
  return promise;
}

/** To the nanosecond where the kernel says so for each thread. */
function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(stat[11]) + Number(stat[12])) * 10;
}
