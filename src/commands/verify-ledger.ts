// `npm run ledger:verify`: recomputes every score from the event log and compares ledger, roll-ups and boards. Reads
// the database of DATABASE_URL, or the embedded one, also beside a Muster that is running. Exit code 1 when they differ.
import { EmbeddedError, startEmbedded } from '../database/embedded.ts';
import { runningEmbedded } from '../database/embedded-running.ts';
import { MigrationError, pendingMigrations } from '../database/migrate.ts';
import { verifyLedger } from '../metrics/verify.ts';
import { readSettings, SettingsError } from '../settings.ts';

const FORESEEN = [SettingsError, EmbeddedError, MigrationError];

async function main(): Promise<void> {
  const { url, directory } = readSettings(process.env).database;
  const there = url ?? runningEmbedded(directory);
  const embedded = there ? null : await startEmbedded({ directory, log: say });
  try {
    const database = there ?? embedded?.url ?? '';
    const [pending] = await pendingMigrations(database);
    if (pending !== undefined) {
      throw new MigrationError(
        `The database lacks the migration ${pending}: run "npm run migrate" first.`,
      );
    }
    const discrepancies = await verifyLedger(database);
    for (const discrepancy of discrepancies) say(discrepancy);
    say(
      discrepancies.length === 0
        ? 'The ledger, the roll-ups and the boards are what the log says.'
        : `${discrepancies.length} discrepancies.`,
    );
    if (discrepancies.length > 0) process.exitCode = 1;
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
