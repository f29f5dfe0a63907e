// One Muster at a time owns a data directory: a lock file that names the process.
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { EmbeddedError, processMark } from './embedded-process.ts';

/** Takes the directory, or throws a sentence that names the process that has it. */
export function lockDirectory(directory: string): { release: () => void } {
  const file = path.join(directory, 'muster.pid');
  const mine = `${process.pid}\n${processMark(process.pid)}\n`;
  for (let attempt = 0; attempt < 10; attempt += 1) {
    try {
      writeFileSync(file, mine, { flag: 'wx', mode: 0o600 });
      return { release: () => read(file) === mine && rmSync(file, { force: true }) };
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const found = read(file);
    if (found === null) continue;
    const [pid = '', mark = ''] = found.split('\n');
    if (found === mine || (mark !== '' && processMark(Number(pid)) === mark)) {
      throw new EmbeddedError(
        `Another Muster (process ${pid}) is using ${directory}: stop it, or set DATA_DIRECTORY ` +
          'to another folder.',
      );
    }
    removeStale(file, found);
  }
  throw new EmbeddedError(`${file} keeps changing: is another Muster starting in ${directory}?`);
}

/** Removes a dead owner's lock, and puts it back if it was a new one that had just replaced it. */
function removeStale(file: string, expected: string): void {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (read(aside) === expected) rmSync(aside, { force: true });
  else renameSync(aside, file);
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
