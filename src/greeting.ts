import type { App } from './app.ts';
import { EmbeddedError } from './database/embedded.ts';
import { MigrationError } from './database/migrate.ts';
import { PortError } from './server/listen.ts';
import { type Settings, SettingsError } from './settings.ts';

/** What the operator reads once the node is up; `entrances` say how to sign in. */
export function greeting({ url }: App, { http }: Settings, entrances: readonly string[]): string {
  const wanted = new URL(url).port === String(http.port) || http.port === 0;
  return [
    '',
    `Muster answers at ${url} (HTTP, server-sent events and WebSocket).`,
    ...(wanted ? [] : [`Port ${http.port} was taken; PORT chooses another.`]),
    ...(http.graphiql ? [`GraphiQL: open ${url} in a browser.`] : []),
    ...entrances,
    'Ctrl-C stops it.',
    '',
  ].join('\n');
}

const FORESEEN = [SettingsError, EmbeddedError, MigrationError, PortError];

/** One sentence for what an operator can mend; the whole error for what only we can. */
export function explainFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (FORESEEN.some((kind) => error instanceof kind)) return error.message;
  const code = 'code' in error ? String(error.code) : '';
  if (/^(ECONNREFUSED|ENOTFOUND|EHOSTUNREACH|ETIMEDOUT|ECONNRESET)$/.test(code)) {
    return `The database of DATABASE_URL cannot be reached (${code}): is it running, and is the address right?`;
  }
  if (/^(28P01|28000)$/.test(code)) {
    return 'The database of DATABASE_URL refuses the user or the password in it.';
  }
  if (code === '3D000')
    return 'The database that DATABASE_URL names does not exist: create it first.';
  if (code === '42P01') {
    return 'The database of DATABASE_URL lacks our tables: run "npm run migrate", or start with MIGRATE=1.';
  }
  return error.stack ?? error.message;
}
