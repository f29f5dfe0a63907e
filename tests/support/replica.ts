import { execFileSync } from 'node:child_process';
import { appendFileSync, chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type EmbeddedServer, startEmbedded } from '../../src/database/embedded.ts';
import { migrate } from '../../src/database/migrate.ts';

export interface ReplicatedServers {
  primary: EmbeddedServer;
  replica: EmbeddedServer;
  stop(): Promise<void>;
}

/**
 * A migrated server and a second one that follows it by streaming replication. The packaged programs have no
 * pg_basebackup: the files of a server that was stopped in order are a base backup too.
 */
export async function replicatedServers(): Promise<ReplicatedServers> {
  const root = mkdtempSync(path.join(tmpdir(), 'muster-replica-'));
  const [first, second] = [path.join(root, 'primary'), path.join(root, 'replica')];
  const made = await startEmbedded({ directory: first });
  await migrate(made.url);
  await made.stop();
  execFileSync('cp', ['-a', first, second]);
  const primary = await startEmbedded({ directory: first });
  follow(path.join(second, 'postgres'), primary.url);
  const replica = await startEmbedded({ directory: second });
  return {
    primary,
    replica,
    async stop() {
      await replica.stop();
      await primary.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function follow(data: string, url: string): void {
  const { hostname, port, username, password } = new URL(url);
  const settings = path.join(data, 'postgresql.auto.conf');
  const signal = path.join(data, 'standby.signal');
  const from = `host=${hostname} port=${port} user=${username} password=${password}`;
  appendFileSync(settings, `primary_conninfo = '${from} application_name=replica'\n`);
  writeFileSync(signal, '');
  const { uid, gid } = statSync(path.join(data, 'PG_VERSION'));
  chownSync(signal, uid, gid);
}
