import { type Findings, grown, lasting } from './doctor-figures.ts';

/** Something that is wrong, and what an operator does about it. */
export interface Problem {
  code: string;
  problem: string;
  remedy: string;
}

interface Rule {
  code: string;
  /** One sentence when it is wrong, else null. */
  judge(findings: Findings): string | null;
  remedy: string;
}

/** Longer than any transaction of Muster's own may do nothing, which is six seconds. */
const IDLE_SECONDS = 8;
/** A backup may take longer: it says so in the remedy. */
const LONG_SECONDS = 300;
const LAG_SECONDS = 2;
const LOOP_SECONDS = 0.2;
const HEAD_WAIT_SECONDS = 0.1;
const UNSENT_BYTES = 1_000_000;
const FREE_BYTES = 1_000_000_000;
const FULL = 0.9;

const FIND_TRANSACTION =
  'SELECT pid, application_name, client_addr, state, now() - xact_start AS open_for, query FROM pg_stat_activity ' +
  'WHERE xact_start IS NOT NULL ORDER BY xact_start; then SELECT pg_terminate_backend(<pid>).';

/** The causes first, as what follows may follow from them. */
export const RULES: readonly Rule[] = [
  {
    code: 'STOPPING',
    judge: ({ readiness }) => (readiness.status === 'stopping' ? 'This node is stopping.' : null),
    remedy: 'Nothing, if somebody stopped it; look at its log otherwise.',
  },
  {
    code: 'DATABASE_AWAY',
    // The node's own look at it goes through the pool, which may be what is ill.
    judge: ({ before, now }) =>
      Math.max(before.sum('muster_database_up'), now.sum('muster_database_up')) === 0
        ? 'The database does not answer.'
        : null,
    remedy:
      'See that PostgreSQL runs, that DATABASE_URL is right and that it can be reached from this machine. Nothing is lost: streams go on when it is back.',
  },
  {
    code: 'MIGRATIONS_PENDING',
    judge: ({ readiness }) => {
      const { migrations } = readiness.checks;
      if (!migrations || migrations.ok || typeof migrations.pending !== 'number') return null;
      return `The database lacks ${count(migrations.pending, 'migration')} of this version.`;
    },
    remedy: 'Run "npm run migrate" once, from the version that runs.',
  },
  {
    code: 'IDLE_TRANSACTION',
    judge: ({ now }) => {
      const seconds = now.sum('muster_database_oldest_idle_transaction_seconds');
      return seconds > IDLE_SECONDS
        ? `A transaction has been open for ${whole(seconds)} s and does nothing: it keeps its locks, and PostgreSQL cannot clean up.`
        : null;
    },
    remedy: `Find whose it is and end it: ${FIND_TRANSACTION}`,
  },
  {
    code: 'LONG_TRANSACTION',
    judge: ({ now }) => {
      const seconds = now.sum('muster_database_oldest_transaction_seconds');
      return seconds > LONG_SECONDS
        ? `A transaction has been running for ${whole(seconds)} s: PostgreSQL cannot clean up behind it.`
        : null;
    },
    remedy: `If it is a backup, let it finish. If not: ${FIND_TRANSACTION}`,
  },
  {
    code: 'LOCKS',
    judge: (findings) => {
      const waiting = lasting(findings, 'muster_database_waiting_for_locks');
      return waiting >= 5 ? `${waiting} statements wait for locks.` : null;
    },
    remedy:
      "Look for a transaction that holds them: SELECT pid, pg_blocking_pids(pid), query FROM pg_stat_activity WHERE wait_event_type = 'Lock'. Imports and changes to the schema by hand are the usual cause.",
  },
  {
    code: 'POOL_EXHAUSTED',
    judge: (findings) => {
      const { now } = findings;
      const waiting = lasting(findings, 'muster_pool_waiting');
      const isBusy = now.sum('muster_pool_idle') === 0;
      return waiting > 0 && isBusy
        ? `All ${now.sum('muster_pool_size')} connections of this node are in use, and ${waiting} requests or more wait for one.`
        : null;
    },
    remedy:
      'First cure what is said above about transactions and locks. If there is nothing: raise POOL_SIZE (all nodes together stay below max_connections), or start another node.',
  },
  {
    code: 'CONNECTIONS_FULL',
    judge: ({ now }) => {
      const limit = now.sum('muster_database_connection_limit');
      const used = now.sum('muster_database_connections');
      return limit > 0 && used > limit * FULL
        ? `${used} of the ${limit} connections of the database server are taken.`
        : null;
    },
    remedy:
      'Raise max_connections of PostgreSQL, or lower POOL_SIZE: nodes x (POOL_SIZE + 3) must stay below it.',
  },
  {
    code: 'HEAD_WAIT',
    judge: (findings) => {
      const commits = grown(findings, 'muster_log_head_wait_seconds_count');
      const mean = grown(findings, 'muster_log_head_wait_seconds_sum') / commits;
      return commits >= 5 && mean > HEAD_WAIT_SECONDS
        ? `Commits wait ${whole(mean * 1_000)} ms on average for the log of their organization: too many write in one at once.`
        : null;
    },
    remedy:
      'Let imports and scripts of one organization write one after the other, and see that the disk of PostgreSQL is quick to sync.',
  },
  {
    code: 'EVENT_LOOP',
    judge: ({ now }) => {
      const seconds = now.sum('nodejs_eventloop_lag_p99_seconds');
      return seconds > LOOP_SECONDS
        ? `The process is held up: 1 % of its turns came ${whole(seconds * 1_000)} ms late or more.`
        : null;
    },
    remedy:
      'Its processor is full: start another node, or move what else runs on the machine. If it lasts at low load, report it with the log.',
  },
  {
    code: 'FEED_LAG',
    judge: (findings) => {
      const seconds = lasting(findings, 'muster_feed_lag_seconds');
      const events = findings.now.sum('muster_feed_lag_events');
      return seconds > LAG_SECONDS
        ? `Updates are ${whole(seconds)} s late: ${count(events, 'event')} of the log not yet delivered, or the database does not answer the feed.`
        : null;
    },
    remedy: 'It follows from a busy database, an exhausted pool or a held-up process: cure those.',
  },
  {
    code: 'WAKEUPS_DEAD',
    judge: (findings) => {
      const name = 'muster_wakeups_connected';
      if (
        !findings.now.has(name) ||
        Math.max(findings.before.sum(name), findings.now.sum(name)) > 0
      ) {
        return null;
      }
      const broker = findings.now.label(name, 'kind') === 'redis' ? 'Redis' : 'PostgreSQL';
      return `No wake-ups by ${broker}: what other nodes commit arrives up to POLL_MILLISECONDS later. Nothing is lost.`;
    },
    remedy:
      'For Redis: see that it runs and that REDIS_URL is right. For PostgreSQL: DATABASE_URL must not lead through a pooler, which cannot LISTEN.',
  },
  {
    code: 'REPLICA_AWAY',
    judge: (findings) => {
      const away = grown(findings, 'muster_replica_queries_total', 'where="away"');
      return away > 0
        ? `The replica did not answer: the primary took ${away} of its queries.`
        : null;
    },
    remedy:
      'See that the server of DATABASE_REPLICA_URL runs. Answers are right meanwhile, but the primary bears the load.',
  },
  {
    code: 'REPLICA_BEHIND',
    judge: (findings) => {
      const behind = grown(findings, 'muster_replica_queries_total', 'where="behind"');
      const all = grown(findings, 'muster_replica_queries_total');
      return all >= 20 && behind > all / 2
        ? `The replica was behind for ${behind} of ${all} queries, which the primary answered.`
        : null;
    },
    remedy:
      'Look at its delay (pg_stat_replication on the primary): its disk or the network is too slow, or long queries there hold up the replay.',
  },
  {
    code: 'SLOW_CONSUMERS',
    judge: (findings) => {
      // A node that cannot look a session up sends clients away with the same code.
      const isHelpless =
        findings.now.sum('muster_database_up') === 0 ||
        lasting(findings, 'muster_pool_waiting') > 0;
      const closed = isHelpless ? 0 : grown(findings, 'muster_socket_closes_total', 'code="1013"');
      const behind = lasting(findings, 'muster_sockets_behind');
      const unsent = lasting(findings, 'muster_unsent_bytes');
      const resets = grown(findings, 'muster_updates_reset_total', 'reason="mailbox_full"');
      if (closed === 0 && resets === 0 && unsent < UNSENT_BYTES) return null;
      return `Clients read too slowly: ${count(behind, 'socket')} behind with ${whole(unsent / 1_000)} KB, ${count(resets, 'reset')}, ${closed} closed.`;
    },
    remedy:
      'They are bad connections, or screens that ask for more than they show. Others are not held up. If it is many, look at the network between.',
  },
  {
    code: 'BROKEN_CONNECTIONS',
    judge: (findings) => {
      const broken = grown(findings, 'muster_socket_closes_total', 'code="1006"');
      const all = grown(findings, 'muster_socket_closes_total');
      return broken >= 20 && broken > all / 2
        ? `${broken} of ${all} sockets that closed broke off without a word.`
        : null;
    },
    remedy:
      'Something between drops them: a proxy whose timeout is shorter than 15 s, or a network. See the sample configuration in docs/nginx.conf.',
  },
  {
    code: 'FILES_FULL',
    judge: ({ now }) => {
      const [open, most] = [now.sum('process_open_fds'), now.sum('process_max_fds')];
      return most > 0 && open > most * FULL
        ? `${open} of ${most} files and sockets that the process may have are open.`
        : null;
    },
    remedy: 'Raise the limit (ulimit -n, LimitNOFILE of systemd): every screen is one.',
  },
  {
    code: 'SLOW_OPERATIONS',
    judge: (findings) => {
      const all = grown(findings, 'muster_operation_seconds_count');
      const quick = grown(findings, 'muster_operation_seconds_bucket', 'le="1"');
      return all >= 20 && all - quick > all / 20
        ? `${whole(((all - quick) / all) * 100)} % of ${all} operations took more than a second.`
        : null;
    },
    remedy:
      'The log has the milliseconds of every operation by its name ("ms"). Look at the database first.',
  },
  {
    code: 'DISK_LOW',
    judge: ({ now }) => {
      const name = 'muster_data_directory_free_bytes';
      return now.has(name) && now.sum(name) < FREE_BYTES
        ? `${whole(now.sum(name) / 1_000_000)} MB are left where the embedded database has its files.`
        : null;
    },
    remedy: 'Make room, or move DATA_DIRECTORY: a full disk stops the database.',
  },
];

/** Everything that is wrong, causes before what follows from them. */
export function diagnose(findings: Findings): Problem[] {
  const problems = RULES.flatMap(({ code, judge, remedy }) => {
    const problem = judge(findings);
    return problem === null ? [] : [{ code, problem, remedy }];
  });
  const { status, checks } = findings.readiness;
  if (problems.length > 0 || status === 'ready') return problems;
  const failed = Object.keys(checks).filter((name) => checks[name]?.ok === false);
  return [
    {
      code: 'NOT_READY',
      problem: `The node says that it is not ready (${failed.join(', ') || status}).`,
      remedy: 'Ask again in a moment; if it stays, the log of the node says why.',
    },
  ];
}

const whole = (value: number): string => Math.round(value).toLocaleString('en');

const count = (number: number, noun: string): string =>
  `${number} ${noun}${number === 1 ? '' : 's'}`;
