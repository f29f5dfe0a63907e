import { readdirSync, readFileSync } from 'node:fs';

const TICK_MS = 10;

export interface Spent {
  /** Milliseconds of wall time. */
  wall: number;
  /** Milliseconds of CPU in this process. */
  node: number;
  /** Milliseconds of CPU in PostgreSQL and all its backends; NaN where there is no /proc. */
  postgres: number;
}

/** Measures what `work` costs; `postmaster` is the process that listens. */
export async function spent(postmaster: number, work: () => Promise<unknown>): Promise<Spent> {
  const server = postgresCpu(postmaster);
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { wall, node: (user + system) / 1_000, postgres: postgresCpu(postmaster) - server };
}

/** Live backends to the nanosecond, plus those that have ended, which the postmaster has reaped. */
export function postgresCpu(postmaster: number): number {
  try {
    const ended = statOf(postmaster);
    let sum = (Number(ended[13]) + Number(ended[14])) * TICK_MS + scheduled(postmaster);
    for (const name of readdirSync('/proc')) {
      if (/^\d+$/.test(name) && parentOf(name) === postmaster) sum += scheduled(Number(name));
    }
    return sum;
  } catch {
    return Number.NaN;
  }
}

/** The fields of /proc/<pid>/stat from the state on; the name before may have spaces. */
const statOf = (pid: number | string): string[] =>
  readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');

function parentOf(pid: string): number | null {
  try {
    return Number(statOf(pid)[1]);
  } catch {
    return null; // It has ended meanwhile.
  }
}

function scheduled(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return 0;
  }
}
