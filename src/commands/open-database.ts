import { createDatabase, type Database } from '../database/database.ts';
import { startEmbedded } from '../database/embedded.ts';
import { runningEmbedded } from '../database/embedded-running.ts';
import { migrate, requireMigrated } from '../database/migrate.ts';
import { deriveScores } from '../metrics/derive.ts';
import type { Settings } from '../settings.ts';

export interface OpenedDatabase {
  db: Database;
  close(): Promise<void>;
}

/**
 * The database that a command works on: that of DATABASE_URL; else the embedded one, beside a Muster that is running,
 * or started for the command alone. Throws SettingsError, EmbeddedError or MigrationError, one sentence each.
 */
export async function openDatabase(
  { database }: Settings,
  say: (sentence: string) => void,
): Promise<OpenedDatabase> {
  const running = database.url ? null : runningEmbedded(database.directory);
  const embedded =
    database.url || running
      ? null
      : await startEmbedded({ directory: database.directory, log: say });
  const url = database.url ?? running ?? embedded?.url ?? '';
  try {
    if (database.migrate && !running) await migrate(url);
    await requireMigrated(url);
    const { poolSize: size, pipeline } = database;
    const db = createDatabase({ url, size, pipeline, derive: deriveScores });
    return {
      db,
      async close() {
        await db.close();
        await embedded?.stop();
      },
    };
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}
