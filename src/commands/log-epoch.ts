// `npm run log:epoch`: the last step of a restore from a backup. Works on the database of DATABASE_URL, or the embedded
// one, also beside a Muster that is running: it notices at its next poll.
import { EmbeddedError } from '../database/embedded.ts';
import { MigrationError } from '../database/migrate.ts';
import { changeEpoch } from '../events/epoch.ts';
import { readSettings, SettingsError } from '../settings.ts';
import { openDatabase } from './open-database.ts';

const FORESEEN = [SettingsError, EmbeddedError, MigrationError];

const say = (sentence: string): void => {
  process.stdout.write(`${sentence}\n`);
};

try {
  const { db, close } = await openDatabase(readSettings(process.env), say);
  try {
    say(
      `The log's epoch is now ${await changeEpoch(db.pool)}: clients with older cursors read everything again.`,
    );
  } finally {
    await close();
  }
} catch (error) {
  const foreseen = error instanceof Error && FORESEEN.some((kind) => error instanceof kind);
  process.stderr.write(`${foreseen ? error.message : error}\n`);
  process.exitCode = 1;
}
