// `npm run migrate`: brings the database of DATABASE_URL up to date, or the embedded one.
import { EmbeddedError, startEmbedded } from '../database/embedded.ts';
import { runningEmbedded } from '../database/embedded-running.ts';
import { MigrationError, migrate } from '../database/migrate.ts';
import { readSettings, SettingsError } from '../settings.ts';

const FORESEEN = [SettingsError, EmbeddedError, MigrationError];

async function main(): Promise<void> {
  const { url, directory } = readSettings(process.env).database;
  const there = url ?? runningEmbedded(directory);
  const embedded = there ? null : await startEmbedded({ directory, log: say });
  try {
    const { applied } = await migrate(there ?? embedded?.url ?? '');
    for (const name of applied) say(`Applied ${name}.`);
    if (applied.length === 0) say('The database is up to date.');
  } finally {
    await embedded?.stop();
  }
}

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`);
}

try {
  await main();
} catch (error) {
  const foreseen = error instanceof Error && FORESEEN.some((kind) => error instanceof kind);
  process.stderr.write(`${foreseen ? error.message : error}\n`);
  process.exitCode = 1;
}
