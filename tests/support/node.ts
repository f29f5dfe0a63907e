import { type App, createApp } from '../../src/app.ts';
import { createDatabase, type Database } from '../../src/database/database.ts';
import { configureSignIn } from '../../src/domains/people/sign-in-settings.ts';
import { deriveScores } from '../../src/metrics/derive.ts';
import { readSettings } from '../../src/settings.ts';
import { CHEAP_SIGN_IN } from './seed.ts';

/** A node that a test may stop and start again as it likes; its own to stop. */
export async function startNode(
  databaseUrl: string,
  environment: Record<string, string> = {},
): Promise<App> {
  const app = createApp(
    readSettings({
      DATABASE_URL: databaseUrl,
      PORT: '0',
      POOL_SIZE: '8',
      LOG_LEVEL: 'silent',
      POLL_MILLISECONDS: '100',
      DRAIN_READY_MS: '0',
      DRAIN_WINDOW_MS: '0',
      ...environment,
    }),
  );
  await app.start();
  return app;
}

/** For what is to happen whether or not a node is up. */
export function writerOf(databaseUrl: string): Database {
  const db = createDatabase({ url: databaseUrl, size: 4, pipeline: true, derive: deriveScores });
  configureSignIn(db, CHEAP_SIGN_IN);
  return db;
}
