// npm run migration:check            fails when prisma/migrations do not lead to prisma/schema
// npm run migration:new -- <name>    writes the migration that is missing
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmbedded } from '../src/database/embedded.ts';
import { MIGRATIONS, migrate } from '../src/database/migrate.ts';
import { differenceOf } from './schema-engine.ts';

const [command, ...words] = process.argv.slice(2);
const name = words
  .join('_')
  .toLowerCase()
  .replaceAll(/[^a-z0-9]+/g, '_');

if (command === 'check') await check();
else if (command === 'new' && name) await write(name);
else fail('Say "npm run migration:check" or "npm run migration:new -- <name>".');

async function check(): Promise<void> {
  const difference = await missing();
  if (!difference) {
    console.log('The migrations lead to the Prisma schema.');
    return;
  }
  fail(`The migrations do not lead to the Prisma schema:${difference.summary.trimEnd()}
Write the missing one with "npm run migration:new -- <name>".`);
}

async function write(label: string): Promise<void> {
  const difference = await missing();
  if (!difference) {
    console.log('The migrations lead to the Prisma schema already: there is nothing to write.');
    return;
  }
  const folder = path.join(MIGRATIONS, `${nextStamp()}_${label}`);
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'migration.sql'), difference.script);
  console.log(
    `Wrote ${path.relative(process.cwd(), folder)}/migration.sql: read it before you keep it.`,
  );
}

/** What a database lacks that all migrations have been applied to. */
async function missing() {
  const directory = mkdtempSync(path.join(tmpdir(), 'muster-migration-'));
  const server = await startEmbedded({ directory, throwaway: true });
  try {
    await migrate(server.url);
    return await differenceOf(server.url);
  } finally {
    await server.stop();
  }
}

/** Now in UTC, or the second after the last migration where that lies in the future. */
function nextStamp(): string {
  const digits = (date: Date) => date.toISOString().replaceAll(/\D/g, '').slice(0, 14);
  const now = digits(new Date());
  const last = readdirSync(MIGRATIONS)
    .filter((entry) => /^\d{14}_/.test(entry))
    .sort()
    .at(-1);
  const stamp = last?.slice(0, 14) ?? '';
  return stamp < now ? now : String(BigInt(stamp) + 1n);
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}
