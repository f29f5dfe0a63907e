// A node as operators run it: a process of its own, started from src/main.ts.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { watchOver } from '../../src/database/embedded-process.ts';
import { until } from './patience.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** What a shell or npm has set that would change the node. */
const NOT_OURS =
  /^(npm_|PORT$|HOST$|DATABASE_|DATA_DIRECTORY$|DEMO$|MIGRATE$|NODE_ENV$|WAKEUP$|REDIS_URL$)/;

export class NodeProcess {
  readonly name: string;
  #logFile: string;
  #child: ChildProcess | null = null;
  #watch = { release: () => {} };
  #port = 0;
  #isToEnd = false;
  #endedByItself = 0;

  constructor(name: string, logFile: string) {
    this.name = name;
    this.#logFile = logFile;
  }

  /** Where it listens; 0 while it does not run. */
  get port(): number {
    return this.#port;
  }

  /** How often it has ended though nobody wanted it to. */
  get endedByItself(): number {
    return this.#endedByItself;
  }

  /** Resolves when it is ready for traffic. */
  async start(environment: Record<string, string>): Promise<void> {
    const kept = Object.entries(process.env).filter(([name]) => !NOT_OURS.test(name));
    const child = spawn(process.execPath, ['--require', './tools/runtime.cjs', 'src/main.ts'], {
      cwd: ROOT,
      env: { ...Object.fromEntries(kept), PORT: '0', LOG_LEVEL: 'warn', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      // Ctrl-C reaches only us, and we end it.
      detached: true,
    });
    this.#child = child;
    this.#isToEnd = false;
    child.once('exit', () => {
      if (!this.#isToEnd) this.#endedByItself += 1;
    });
    if (child.pid !== undefined) this.#watch = watchOver(child.pid, null);
    let port = 0;
    const hear = (chunk: Buffer) => {
      appendFileSync(this.#logFile, chunk);
      const [, found] = /answers at http:\/\/[^:]+:(\d+)/.exec(chunk.toString()) ?? [];
      if (found) port = Number(found);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    await until(`${this.name} says where it listens`, () => {
      if (child.exitCode !== null) throw new Error(`${this.name} ended while it started.`);
      return port > 0;
    });
    this.#port = port;
    await until(`${this.name} is ready`, () => this.isReady());
  }

  async isReady(): Promise<boolean> {
    try {
      const response = await fetch(`http://127.0.0.1:${this.#port}/health/ready`);
      return response.ok;
    } catch {
      return false;
    }
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** SIGTERM, as an orchestrator does it; resolves to the exit status, null where a signal ended it. */
  async terminate(): Promise<number | null> {
    return this.#end('SIGTERM');
  }

  /** What it said last. */
  lastWords(lines = 30): string {
    try {
      return readFileSync(this.#logFile, 'utf8').split('\n').slice(-lines).join('\n');
    } catch {
      return '';
    }
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const child = this.#child;
    if (!child) return null;
    this.#isToEnd = true;
    child.kill(signal);
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    this.#watch.release();
    this.#port = 0;
    this.#child = null;
    return child.exitCode;
  }
}
