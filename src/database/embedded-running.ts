// The embedded server of a Muster that is running, for a command that works beside it.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { DATABASE } from './embedded.ts';
import { PASSWORD_FILE, SUPERUSER } from './embedded-cluster.ts';
import { processMark } from './embedded-process.ts';

/** The connection string of the server that a live Muster runs in this directory; null when none does. */
export function runningEmbedded(directory: string): string | null {
  const data = path.resolve(directory, 'postgres');
  const [pid = '', mark = ''] = lines(path.resolve(directory, 'muster.pid'));
  if (mark === '' || processMark(Number(pid)) !== mark) return null;
  const [password] = lines(path.join(data, PASSWORD_FILE));
  // PostgreSQL's own: process, files, start, port, ..., state.
  const postmaster = lines(path.join(data, 'postmaster.pid'));
  const port = Number(postmaster[3]);
  if (!password || !port || !postmaster[7]?.startsWith('ready')) return null;
  return `postgresql://${SUPERUSER}:${password}@127.0.0.1:${port}/${DATABASE}`;
}

function lines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    return [];
  }
}
