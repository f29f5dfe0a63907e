// The files of an embedded server: made once, under a random password.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import {
  type Binaries,
  EmbeddedError,
  type Runner,
  serverEnvironment,
} from './embedded-process.ts';

export const SUPERUSER = 'muster';
export const PASSWORD_FILE = 'muster.password';

export interface Cluster {
  /** PostgreSQL's data directory. */
  data: string;
  password: string;
}

/**
 * Opens the server's files, making them when they are not there. They are made
 * beside their place and renamed into it, so that an interrupted first start leaves nothing half done.
 */
export function openCluster(options: {
  /** PostgreSQL's data directory. */
  data: string;
  binaries: Binaries;
  runner: Runner;
  throwaway: boolean;
  log: (sentence: string) => void;
}): Cluster {
  const { data, binaries, runner, log } = options;
  removeUnfinished(data);
  if (!existsSync(path.join(data, 'PG_VERSION'))) {
    log('Making the embedded database (only the first time).');
    makeCluster(data, binaries, runner, options.throwaway);
  }
  const made = readFileSync(path.join(data, 'PG_VERSION'), 'utf8').trim();
  if (made !== binaries.version) {
    throw new EmbeddedError(
      `The database in ${data} was made by PostgreSQL ${made}, and this Muster embeds ${binaries.version}: ` +
        'start it with the Muster that made it, or set DATA_DIRECTORY to another folder.',
    );
  }
  return { data, password: readFileSync(path.join(data, PASSWORD_FILE), 'utf8').trim() };
}

function makeCluster(data: string, binaries: Binaries, runner: Runner, throwaway: boolean): void {
  const fresh = mkdtempSync(`${data}.new-`);
  const passwordFile = `${fresh}.password`;
  const password = randomBytes(24).toString('base64url');
  let said = '';
  // Texts compare by code point, the same on every machine; lc_ctype only tells extensions what a
  // letter is, so any UTF-8 will do.
  for (const letters of ['C.UTF-8', 'en_US.UTF-8', 'C']) {
    rmSync(fresh, { recursive: true, force: true });
    mkdirSync(fresh, { mode: 0o700 });
    writeFileSync(passwordFile, password, { mode: 0o600 });
    if (runner.user) {
      for (const file of [fresh, passwordFile]) chownSync(file, runner.user.uid, runner.user.gid);
    }
    const args = [
      `--pgdata=${fresh}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
      `--lc-ctype=${letters}`,
      // The password is random and long: stretching it would only slow connections down.
      '--set=scram_iterations=1',
      ...(throwaway ? ['--no-sync'] : []),
    ];
    const [command = '', ...rest] = [...runner.prefix, binaries.initdb, ...args];
    const result = spawnSync(command, rest, {
      encoding: 'utf8',
      env: serverEnvironment(),
      // The server's working directory must be one that the account may enter.
      cwd: fresh,
      ...runner.user,
    });
    rmSync(passwordFile, { force: true });
    if (result.status === 0) {
      writeFileSync(path.join(fresh, PASSWORD_FILE), password, { mode: 0o600 });
      renameSync(fresh, data);
      return;
    }
    said = `${result.error?.message ?? ''}${result.stderr ?? ''}`.trim();
    if (!/locale/i.test(said)) break;
  }
  rmSync(fresh, { recursive: true, force: true });
  throw new EmbeddedError(`The embedded database could not be made in ${data}: ${said}`);
}

/** What an interrupted first start left; its initdb may still be at work there, and then fails. */
function removeUnfinished(data: string): void {
  for (const name of readdirSync(path.dirname(data))) {
    if (!name.startsWith(`${path.basename(data)}.new-`)) continue;
    try {
      rmSync(path.join(path.dirname(data), name), { recursive: true, force: true });
    } catch {
      // The next start tries again.
    }
  }
}
