import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { readClock } from './database/clock.ts';
import { createDatabase, type Database } from './database/database.ts';
import { startEmbedded } from './database/embedded.ts';
import { startHousekeeping } from './database/housekeeping.ts';
import { migrate, pendingMigrations, requireMigrated } from './database/migrate.ts';
import { authenticate, authenticateAll } from './domains/organization/authenticate.ts';
import { createFeed, type Feed } from './events/feed.ts';
import { postgresWakeups } from './events/postgres-wakeups.ts';
import { redisWakeups } from './events/redis-wakeups.ts';
import { Replica } from './events/replica.ts';
import { processWakeups, type Wakeups } from './events/wakeups.ts';
import { Builder } from './metrics/builder.ts';
import { deriveScores } from './metrics/derive.ts';
import { schema as productSchema } from './schema.ts';
import type { Authenticate } from './server/authenticate.ts';
import type { HealthChecks } from './server/health.ts';
import { requireFree } from './server/listen.ts';
import { createLog } from './server/log.ts';
import { type RunningServer, startServer } from './server/server.ts';
import type { Session } from './server/session.ts';
import { startTracing } from './server/tracing.ts';
import type { Settings } from './settings.ts';

export interface App {
  /** Where GraphQL is answered; known once `start` has resolved. */
  readonly url: string;
  readonly db: Database;
  readonly feed: Feed;
  readonly server: RunningServer;
  /** Throws EmbeddedError, MigrationError or PortError, one sentence each, with everything closed again. */
  start(): Promise<void>;
  /** Lets go of clients, then of the database. May be called at any time, and twice. */
  stop(): Promise<void>;
}

export interface AppParts {
  /** Tests serve a schema of their own. */
  schema?: GraphQLSchema;
  log?: Logger;
  authenticate?: Authenticate;
  /** Called once the database is there and migrated, before anything listens. */
  prepare?: (db: Database) => Promise<void>;
}

const AT_LEAST_MS = 2_000;
/** A node that is further behind than this gets no new traffic. */
const LAG_LIMIT_MS = 10_000;

/** Everything that one node is, as a value: what `main.ts` and the tests start and stop. */
export function createApp(settings: Settings, parts: AppParts = {}): App {
  const log = parts.log ?? createLog(settings.log.level);
  const opened: (() => Promise<void>)[] = [];
  let running: { url: string; db: Database; feed: Feed; server: RunningServer } | null = null;
  let stopped: Promise<void> | null = null;

  const checkNotStopped = () => {
    if (stopped) throw new Error('Stopped while starting.');
  };

  const started = () => {
    if (!running) throw new Error('The app has not started.');
    return running;
  };

  async function openDatabase(): Promise<Database> {
    const { database } = settings;
    const embedded = database.url
      ? null
      : await startEmbedded({
          directory: database.directory,
          log: (sentence) => log.info(sentence),
        });
    if (embedded) opened.push(() => embedded.stop());
    const url = database.url ?? embedded?.url ?? '';
    if (database.migrate) await migrate(url);
    else await requireMigrated(url);
    const db = createDatabase({
      url,
      size: database.poolSize,
      pipeline: database.pipeline,
      derive: deriveScores,
      onError: (error) => log.warn({ err: error }, 'a database connection broke'),
    });
    opened.push(() => db.close());
    const idempotencyHours = settings.http.idempotencyHours;
    const keepTrying = (err: unknown) =>
      log.warn({ err }, 'work in the background failed and is tried again');
    opened.push(startHousekeeping(db, { idempotencyHours, onError: keepTrying }));
    const builder = new Builder(db, keepTrying);
    builder.start();
    opened.push(() => builder.stop());
    return db;
  }

  async function open(): Promise<void> {
    await requireFree(settings.http);
    const db = await openDatabase();
    checkNotStopped();
    await parts.prepare?.(db);
    checkNotStopped();
    const feed = createFeed(db, {
      wakeups: wakeupsOf(settings.live, db.url, (err) => log.warn({ err }, 'a wake-up was lost')),
      pollMs: settings.live.pollMilliseconds,
      onError: (error) => log.warn({ err: error }, 'the event log could not be read'),
    });
    await feed.start();
    opened.push(() => feed.stop());
    const { http, limits, live } = settings;
    const replica = replicaOf(settings.database, db, log);
    if (replica) opened.push(() => replica.close());
    const { endpoint, serviceName } = settings.tracing;
    const onError = (err: unknown) => log.warn({ err }, 'spans could not be sent');
    const tracing = await startTracing(
      endpoint === null ? null : { endpoint, serviceName, onError },
    );
    if (tracing) opened.push(() => tracing.stop());
    const server = await startServer({
      schema: parts.schema ?? productSchema,
      db,
      feed,
      log,
      config: {
        sessionHours: http.sessionHours,
        mailboxSize: live.mailboxSize,
        resumeWindow: {
          events: live.resumeWindowEvents,
          milliseconds: live.resumeWindowDays * 86_400_000,
        },
      },
      authenticate: parts.authenticate ?? authenticateSession,
      waitForPosition: (organizationId, position) =>
        feed.waitFor(organizationId, position, AT_LEAST_MS),
      health: healthChecks(db, feed),
      address: http,
      limits: {
        ...limits,
        tokens: limits.queryTokens,
        depth: limits.queryDepth,
        aliases: limits.queryAliases,
        cost: limits.queryCost,
      },
      keepAliveMs: http.keepAliveMs,
      slowSocketMs: http.slowSocketMs,
      drainReadyMs: http.drainReadyMs,
      drainWindowMs: http.drainWindowMs,
      allowedOrigins: http.allowedOrigins,
      trustedProxies: http.trustedProxies,
      graphiql: http.graphiql,
      introspection: http.introspection,
      sharedFrames: live.sharedFrames,
      compressSockets: live.compressSockets,
      metricsToken: http.metricsToken,
      tracing,
      replica,
      wakeup: live.wakeup,
      dataDirectory: settings.database.url === null ? settings.database.directory : null,
    });
    opened.push(() => server.stop());
    checkNotStopped();
    running = { url: `http://${hostOf(http.host)}:${server.port}/graphql`, db, feed, server };
  }

  /** In the reverse of the order of opening; what fails to close does not keep the rest open. */
  async function close(): Promise<void> {
    for (const end of opened.splice(0).reverse()) {
      await end().catch((error: unknown) => log.error({ err: error }, 'closing failed'));
    }
  }

  return {
    get url() {
      return started().url;
    },
    get db() {
      return started().db;
    },
    get feed() {
      return started().feed;
    },
    get server() {
      return started().server;
    },
    async start() {
      try {
        await open();
      } catch (error) {
        await close();
        throw error;
      }
    },
    stop() {
      stopped ??= close();
      return stopped;
    },
  };
}

const authenticateSession: Authenticate = Object.assign(
  async (db: Database, session: Session) =>
    session.token ? authenticate(db, session.token, session) : null,
  {
    all: (db: Database, sessions: readonly Session[]) =>
      authenticateAll(
        db,
        sessions.map(({ token, origin }) => ({ token: token ?? '', origin })),
      ),
  },
);

function hostOf(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

function healthChecks(db: Database, feed: Feed): HealthChecks {
  let isMigrated = false;
  return {
    database: async () => {
      await readClock(db);
      return { ok: true };
    },
    migrations: async () => {
      const pending = isMigrated ? [] : await pendingMigrations(db.url);
      isMigrated = pending.length === 0;
      return { ok: isMigrated, pending: pending.length };
    },
    feed: () => {
      const { events, milliseconds } = feed.lag();
      return Promise.resolve({ ok: milliseconds <= LAG_LIMIT_MS, events, milliseconds });
    },
  };
}

function replicaOf(
  { replicaUrl, poolSize, pipeline }: Settings['database'],
  db: Database,
  log: Logger,
): Replica | null {
  if (replicaUrl === null) return null;
  return new Replica(db, {
    url: replicaUrl,
    size: poolSize,
    pipeline,
    onAway: (err) => log.warn({ err }, 'the replica is away: the primary answers for it'),
    onBack: () => log.info('the replica is back'),
  });
}

function wakeupsOf(
  { wakeup, redisUrl }: Settings['live'],
  databaseUrl: string,
  onError: (error: unknown) => void,
): Wakeups {
  if (wakeup === 'postgres') return postgresWakeups(databaseUrl, onError);
  return wakeup === 'redis' ? redisWakeups(redisUrl, onError) : processWakeups();
}
