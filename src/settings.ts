import { readerOf, SettingsError } from './settings-reader.ts';

export { SettingsError } from './settings-reader.ts';

export const WAKEUPS = ['process', 'postgres', 'redis'] as const;
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** All that can be set from outside, by room. Read once at the start and frozen. */
export type Settings = ReturnType<typeof readSettings>;

/**
 * The settings that the environment asks for. Throws SettingsError, one sentence, for a value that cannot be used;
 * the value of DATABASE_URL is never in it.
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>) {
  const read = readerOf(environment);
  const url = readDatabaseUrl('DATABASE_URL', read.given('DATABASE_URL'));
  const production = read.given('NODE_ENV') === 'production';
  return deepFreeze({
    /** Fill an empty database with the demonstration organization. DEMO; on with the embedded database. */
    demo: read.flag('DEMO', url === null),

    http: {
      /** PORT. With 0 the system chooses. */
      port: read.integer('PORT', 4000, 0, 65_535),
      /** Whether PORT was set: then no other port will do. */
      portIsSet: read.given('PORT') !== null,
      /** HOST: the address to listen on. */
      host: read.text('HOST', '127.0.0.1', /^[\w.:-]+$/, 'an address or a host name'),
      /** GRAPHIQL; off in production unless set. */
      graphiql: read.flag('GRAPHIQL', !production),
      /** INTROSPECTION; off in production unless set. */
      introspection: read.flag('INTROSPECTION', !production),
      /** ALLOWED_ORIGINS: other sites whose pages may call this API. Our own origin always may. */
      allowedOrigins: read.origins('ALLOWED_ORIGINS'),
      /** METRICS_TOKEN: what opens /metrics; without it there is no such path. */
      metricsToken: readMetricsToken(read.given('METRICS_TOKEN')),
      /** TRUST_PROXY: how many reverse proxies stand before us and are believed about the caller's address. */
      trustedProxies: read.integer('TRUST_PROXY', 0, 0, 10),
      /** SESSION_HOURS: how long a sign-in lasts. */
      sessionHours: read.integer('SESSION_HOURS', 12, 1, 8_760),
      /** DRAIN_READY_MS: how long a node that stops says so at /health/ready, where somebody asks, before it closes anything. */
      drainReadyMs: read.integer('DRAIN_READY_MS', url === null ? 0 : 5_000, 0, 300_000),
      /** DRAIN_WINDOW_MS: over how long a node that stops then closes its sockets. With the embedded database neither. */
      drainWindowMs: read.integer('DRAIN_WINDOW_MS', url === null ? 0 : 5_000, 0, 600_000),
      /** KEEP_ALIVE_MS: between two pings of a socket; without an answer by the next one it is dead. */
      keepAliveMs: read.integer('KEEP_ALIVE_MS', 12_000, 100, 300_000),
      /** SLOW_SOCKET_MS: how long a client may take nothing of what waits for it before it is sent away. */
      slowSocketMs: read.integer('SLOW_SOCKET_MS', 15_000, 100, 600_000),
      /** IDEMPOTENCY_HOURS: how long the outcome of a mutation is kept under its key. */
      idempotencyHours: read.integer('IDEMPOTENCY_HOURS', 24, 1, 720),
    },

    database: {
      /** DATABASE_URL; null for the embedded database. */
      url,
      /** DATABASE_REPLICA_URL: one streaming replica, for queries that it has caught up with; null: none. */
      replicaUrl: readDatabaseUrl('DATABASE_REPLICA_URL', read.given('DATABASE_REPLICA_URL')),
      /** DATA_DIRECTORY: files of the embedded database, and what was generated for the demonstration. */
      directory: read.given('DATA_DIRECTORY') ?? '.data',
      /** MIGRATE: bring the database up to date at the start; on with the embedded database. */
      migrate: read.flag('MIGRATE', url === null),
      /** POOL_SIZE: most connections at a time. */
      poolSize: read.integer('POOL_SIZE', 20, 2, 500),
      /** PIPELINE: send statements without waiting for the answers before them. */
      pipeline: read.flag('PIPELINE', true),
    },

    limits: {
      /** MAX_QUERY_TOKENS: words and signs in one document. */
      queryTokens: read.integer('MAX_QUERY_TOKENS', 1_000, 100, 100_000),
      /** MAX_QUERY_DEPTH: nested selections, through fragments. */
      queryDepth: read.integer('MAX_QUERY_DEPTH', 12, 3, 100),
      /** MAX_QUERY_ALIASES: aliased fields in one operation. */
      queryAliases: read.integer('MAX_QUERY_ALIASES', 30, 0, 10_000),
      /** MAX_QUERY_COST: computed cost of one operation, about one for each object it may return. */
      queryCost: read.integer('MAX_QUERY_COST', 5_000, 100, 10_000_000),
      /** MAX_BODY_BYTES: one HTTP request. */
      bodyBytes: read.integer('MAX_BODY_BYTES', 262_144, 1_024, 1_048_576),
      /** MAX_MESSAGE_BYTES: one WebSocket message from a client. */
      messageBytes: read.integer('MAX_MESSAGE_BYTES', 65_536, 1_024, 1_048_576),
      /** MAX_MESSAGES_PER_SECOND: from one WebSocket in the long run; ten seconds' worth may come at once. */
      messagesPerSecond: read.integer('MAX_MESSAGES_PER_SECOND', 100, 1, 1_000_000),
      /** MAX_SUBSCRIPTIONS_PER_SOCKET. */
      subscriptionsPerSocket: read.integer('MAX_SUBSCRIPTIONS_PER_SOCKET', 100, 1, 10_000),
    },

    live: {
      /**
       * WAKEUP: how nodes tell each other of commits; `process` where one node is all there is. Behind all of them
       * stands the poll: losing every wake-up costs a moment, never an update.
       */
      wakeup: read.choice('WAKEUP', url === null ? 'process' : 'postgres', WAKEUPS),
      /** REDIS_URL, for WAKEUP=redis. */
      redisUrl: read.given('REDIS_URL') ?? 'redis://127.0.0.1:6379',
      /** POLL_MILLISECONDS: how long an update waits at most when every wake-up is lost. */
      pollMilliseconds: read.integer('POLL_MILLISECONDS', 500, 10, 60_000),
      /** MAILBOX_SIZE: updates that wait for one slow subscriber before it is reset. */
      mailboxSize: read.integer('MAILBOX_SIZE', 1_000, 1, 100_000),
      /** SHARED_FRAMES: one answer for all subscribers who ask, and may see, the same; off: each gets its own. */
      sharedFrames: read.flag('SHARED_FRAMES', true),
      /** COMPRESS_SOCKETS: saves bytes on slow lines; every socket then compresses every answer for itself. */
      compressSockets: read.flag('COMPRESS_SOCKETS', false),
      /** RESUME_WINDOW_EVENTS: events of one organization that a client can resume over. */
      resumeWindowEvents: read.integer('RESUME_WINDOW_EVENTS', 100_000, 1, 10_000_000),
      /** RESUME_WINDOW_DAYS: the same in time. */
      resumeWindowDays: read.integer('RESUME_WINDOW_DAYS', 7, 1, 3_650),
    },

    tracing: {
      /** OTEL_EXPORTER_OTLP_ENDPOINT: the collector that spans go to, by OTLP over HTTP; null: nowhere. */
      endpoint: read.webAddress('OTEL_EXPORTER_OTLP_ENDPOINT'),
      /** OTEL_SERVICE_NAME: what this node is called there. */
      serviceName: read.given('OTEL_SERVICE_NAME') ?? 'muster',
    },

    log: {
      /** LOG_LEVEL. */
      level: read.choice('LOG_LEVEL', 'info', LOG_LEVELS),
    },
  });
}

/** A secret, so that no message may quote it. */
function readMetricsToken(text: string | null): string | null {
  if (text === null || /^[\w.~+/=-]{16,200}$/.test(text)) return text;
  throw new SettingsError(
    'METRICS_TOKEN (not shown, as it is a secret) must be 16 to 200 letters, digits and . ~ + / = _ -',
  );
}

/** The value holds a password, so that no message may quote it. */
function readDatabaseUrl(name: string, text: string | null): string | null {
  if (text === null) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && /^postgres(ql)?:$/.test(url.protocol) && url.pathname.length > 1) return text;
  throw new SettingsError(
    `${name} is not the address of a PostgreSQL database (it is not shown, as it may hold a password): it must ` +
      'look like postgresql://user:password@host:5432/database.',
  );
}

function deepFreeze<T extends object>(value: T): Readonly<T> {
  for (const part of Object.values(value)) {
    if (typeof part === 'object' && part !== null) deepFreeze(part);
  }
  return Object.freeze(value);
}
