import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { EmbeddedError, type EmbeddedServer, startEmbedded } from '../../src/database/embedded.ts';
import { commandOf, processMark, waitForEnd } from '../../src/database/embedded-process.ts';

// Making the files takes most of the time: once, for the tests that are not about that.
let seed: string;
let directory: string;
const servers: EmbeddedServer[] = [];
const said: string[] = [];

beforeAll(async () => {
  seed = mkdtempSync(path.join(tmpdir(), 'muster embedded '));
  await (await startEmbedded({ directory: seed })).stop();
});

afterAll(() => rmSync(seed, { recursive: true, force: true }));

beforeEach(() => {
  directory = path.join(mkdtempSync(path.join(tmpdir(), 'muster embedded ')), 'data');
  said.length = 0;
});

function useMadeFiles(): void {
  cpSync(seed, directory, { recursive: true });
  chmodSync(path.join(directory, 'postgres'), 0o700);
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  rmSync(path.dirname(directory), { recursive: true, force: true });
});

async function start(throwaway = false): Promise<EmbeddedServer> {
  const server = await startEmbedded({
    directory,
    throwaway,
    log: (sentence) => said.push(sentence),
  });
  servers.push(server);
  return server;
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Another Muster: a process of its own that starts the server and prints its pids. */
async function startElsewhere(throwaway = false): Promise<{ child: ChildProcess; server: number }> {
  const module = fileURLToPath(new URL('../../src/database/embedded.ts', import.meta.url));
  const script = `
    const { startEmbedded } = await import(${JSON.stringify(module)});
    const server = await startEmbedded(${JSON.stringify({ directory, throwaway })});
    console.log(server.pid);
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    return { child, server: Number(line) };
  }
  throw new Error('The other process did not start the server.');
}

describe('startEmbedded', () => {
  test('keeps its data between runs and stops completely', async () => {
    const first = await start();
    await query(first.url, `create table kept as select '张伟' as name`);
    const { pid } = first;
    await first.stop();
    await first.stop();
    expect(processMark(pid)).toBeNull();
    await expect(query(first.url, 'select 1')).rejects.toThrow(/ECONNREFUSED/);
    const second = await start();
    expect(await query(second.url, 'select name from kept')).toEqual([{ name: '张伟' }]);
    expect(said).toEqual(['Making the embedded database (only the first time).']);
  });

  test('is UTF-8, flushes what it commits, and listens on 127.0.0.1 only', async () => {
    const server = await start();
    expect(
      await query(
        server.url,
        `select current_setting('server_encoding') as encoding, lower('ÄÖ中') as lower,
          current_setting('fsync') as fsync, current_setting('synchronous_commit') as flushed,
          current_setting('listen_addresses') as addresses,
          current_setting('unix_socket_directories') as sockets`,
      ),
    ).toEqual([
      {
        encoding: 'UTF8',
        lower: 'äö中',
        fsync: 'on',
        flushed: 'on',
        addresses: '127.0.0.1',
        sockets: '',
      },
    ]);
  });

  test('lets nobody in without the password, which only its owner can read', async () => {
    useMadeFiles();
    const server = await start();
    const wrong = new URL(server.url);
    wrong.password = 'guess';
    await expect(query(wrong.href, 'select 1')).rejects.toThrow(/password authentication failed/);
    const file = path.join(directory, 'postgres', 'muster.password');
    expect(readFileSync(file, 'utf8')).toBe(new URL(server.url).password);
    expect(new URL(server.url).password).toHaveLength(32);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(path.join(directory, 'postgres')).mode & 0o077).toBe(0);
  });

  test('a throw-away server deletes its directory', async () => {
    const server = await start(true);
    expect(await query(server.url, 'show fsync')).toEqual([{ fsync: 'off' }]);
    await server.stop();
    expect(existsSync(directory)).toBe(false);
  });

  test('a second Muster on the same directory is refused by name', async () => {
    useMadeFiles();
    await start();
    const refused = startEmbedded({ directory });
    await expect(refused).rejects.toThrow(EmbeddedError);
    await expect(refused).rejects.toThrow(
      `Another Muster (process ${process.pid}) is using ${directory}: stop it, or set DATA_DIRECTORY to another folder.`,
    );
  });

  test('of many that start at once, exactly one gets the directory', async () => {
    useMadeFiles();
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => start()));
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  });

  test('a lock whose process number now belongs to another process does not count', async () => {
    useMadeFiles();
    writeFileSync(path.join(directory, 'muster.pid'), `${process.ppid}\nan earlier boot/1\n`);
    writeFileSync(
      path.join(directory, 'postgres', 'postmaster.pid'),
      `${process.ppid}\n${directory}/postgres\n1\n5432\n\n127.0.0.1\n\nready\n`,
    );
    const server = await start();
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('kill -9 of Muster ends the server too, and the next start finds everything', async () => {
    useMadeFiles();
    const other = await startElsewhere();
    expect(processMark(other.server)).not.toBeNull();
    other.child.kill('SIGKILL');
    expect(await waitForEnd(other.server, 10_000)).toBe(true);
    const server = await start();
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('kill -9 of Muster with a throw-away server leaves no directory', async () => {
    const other = await startElsewhere(true);
    other.child.kill('SIGKILL');
    await eventually(async () => expect(existsSync(directory)).toBe(false));
    expect(processMark(other.server)).toBeNull();
  });

  test('a server that was left running is stopped by the next start', async () => {
    useMadeFiles();
    const other = await startElsewhere();
    const watch = watchersOf(other.server);
    for (const pid of watch) process.kill(pid, 'SIGKILL');
    other.child.kill('SIGKILL');
    await waitForEnd(other.child.pid ?? 0, 5_000);
    expect(processMark(other.server)).not.toBeNull();
    const server = await start();
    expect(said).toContain('Stopping the database that an interrupted Muster left running.');
    expect(processMark(other.server)).toBeNull();
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('a server that dies while we run comes back on the same port with what was committed', async () => {
    useMadeFiles();
    const server = await start();
    await query(server.url, 'create table kept as select 1 as one');
    const before = server.pid;
    process.kill(before, 'SIGKILL');
    await waitForEnd(before, 5_000);
    expect(await eventually(() => query(server.url, 'select one from kept'))).toEqual([{ one: 1 }]);
    expect(server.pid).not.toBe(before);
    expect(said).toContain('The database ended by itself (SIGKILL).');
  });

  test('files of another PostgreSQL are left alone', async () => {
    useMadeFiles();
    writeFileSync(path.join(directory, 'postgres', 'PG_VERSION'), '9\n');
    await expect(start()).rejects.toThrow(/was made by PostgreSQL 9, and this Muster embeds \d+/);
  });

  test('an interrupted first start leaves nothing in the way', async () => {
    const other = spawnInitialising();
    await eventually(async () =>
      expect(readdirSync(directory)).toContainEqual(expect.stringMatching(/^postgres\.new-/)),
    );
    other.kill('SIGKILL');
    await waitForEnd(other.pid ?? 0, 5_000);
    const server = await start();
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });
});

function spawnInitialising(): ChildProcess {
  const module = fileURLToPath(new URL('../../src/database/embedded.ts', import.meta.url));
  const script = `
    const { startEmbedded } = await import(${JSON.stringify(module)});
    await startEmbedded({ directory: ${JSON.stringify(directory)} });`;
  return spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
}

/** The shells that wait for the death of whoever started this server. */
function watchersOf(server: number): number[] {
  const processes = existsSync('/proc/1/cmdline')
    ? readdirSync('/proc').filter((name) => /^\d+$/.test(name))
    : spawnSync('ps', ['-eo', 'pid='], { encoding: 'utf8' }).stdout.split('\n');
  return processes.map(Number).filter((pid) => commandOf(pid).includes(`sh ${server} INT`));
}

test('says in one sentence that a directory can not be made', async () => {
  const file = path.join(path.dirname(directory), 'a file');
  writeFileSync(file, '');
  for (const impossible of [path.join(file, 'data'), '/proc/muster']) {
    const refused = await startEmbedded({ directory: impossible }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(EmbeddedError);
    expect((refused as Error).message).toMatch(
      /^The directory .* can not be made or written \(E\w+\): set DATA_DIRECTORY/,
    );
  }
});
