// What must hold of the database when all is over.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Database } from '../../src/database/database.ts';
import type { LogRow } from './model.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

export async function readLog(db: Database): Promise<LogRow[]> {
  const { rows } = await db.pool.query<LogRow>(
    `select organization_id as "organizationId", position::int, type, record_id as "recordId",
       record_version as version from event order by organization_id, position`,
  );
  return rows;
}

/** `npm run ledger:verify` on that database: what it says, and whether it found nothing. */
export async function verifyLedger(url: string): Promise<{ isClean: boolean; said: string }> {
  const command = ['--require', './tools/runtime.cjs', 'src/commands/verify-ledger.ts'];
  try {
    const { stdout } = await run(process.execPath, command, {
      cwd: ROOT,
      env: { ...process.env, DATABASE_URL: url },
    });
    return { isClean: true, said: stdout.trim() };
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    return { isClean: false, said: `${stdout}${stderr}`.trim() };
  }
}
