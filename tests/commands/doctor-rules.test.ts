import { expect, test } from 'vitest';
import { Figures, type Readiness } from '../../src/commands/doctor-figures.ts';
import { diagnose, RULES } from '../../src/commands/doctor-rules.ts';

const READY: Readiness = { status: 'ready', checks: {} };
const HEALTHY = 'muster_database_up 1\n';

/** Codes for a server that showed `before`, then `now`. */
const codes = (before: string, now: string, readiness = READY): string[] =>
  diagnose({
    before: new Figures(HEALTHY + before),
    now: new Figures(HEALTHY + now),
    seconds: 5,
    readiness,
  }).map(({ code }) => code);

/** Of each rule: what it finds wrong, and what is just well. */
const CASES: Record<string, [ill: [before: string, now: string], well: [string, string]]> = {
  IDLE_TRANSACTION: steady('muster_database_oldest_idle_transaction_seconds', 9, 8),
  LONG_TRANSACTION: steady('muster_database_oldest_transaction_seconds', 301, 300),
  LOCKS: steady('muster_database_waiting_for_locks', 5, 4),
  POOL_EXHAUSTED: [
    ['muster_pool_waiting 3', 'muster_pool_waiting 1\nmuster_pool_idle 0'],
    ['muster_pool_waiting 3', 'muster_pool_waiting 0\nmuster_pool_idle 0'],
  ],
  CONNECTIONS_FULL: [
    ['', 'muster_database_connections 91\nmuster_database_connection_limit 100'],
    ['', 'muster_database_connections 90\nmuster_database_connection_limit 100'],
  ],
  HEAD_WAIT: [
    [headWaits(100, 1), headWaits(110, 2.5)],
    [headWaits(100, 1), headWaits(110, 1.5)],
  ],
  EVENT_LOOP: steady('nodejs_eventloop_lag_p99_seconds', 0.3, 0.1),
  FEED_LAG: steady('muster_feed_lag_seconds', 2.5, 1.9),
  WAKEUPS_DEAD: steady('muster_wakeups_connected{kind="redis"}', 0, 1),
  REPLICA_AWAY: [
    [
      'muster_replica_queries_total{where="away"} 1',
      'muster_replica_queries_total{where="away"} 2',
    ],
    [
      'muster_replica_queries_total{where="away"} 2',
      'muster_replica_queries_total{where="away"} 2',
    ],
  ],
  REPLICA_BEHIND: [
    [
      '',
      'muster_replica_queries_total{where="behind"} 15\nmuster_replica_queries_total{where="replica"} 10',
    ],
    [
      '',
      'muster_replica_queries_total{where="behind"} 10\nmuster_replica_queries_total{where="replica"} 15',
    ],
  ],
  SLOW_CONSUMERS: [
    ['muster_socket_closes_total{code="1013"} 4', 'muster_socket_closes_total{code="1013"} 5'],
    ['muster_socket_closes_total{code="1013"} 4', 'muster_socket_closes_total{code="1013"} 4'],
  ],
  BROKEN_CONNECTIONS: [closes(10, 10, 40, 20), closes(10, 10, 40, 60)],
  FILES_FULL: [
    ['', 'process_open_fds 950\nprocess_max_fds 1000'],
    ['', 'process_open_fds 850\nprocess_max_fds 1000'],
  ],
  SLOW_OPERATIONS: [operations(100, 100, 200, 190), operations(100, 90, 200, 190)],
  DISK_LOW: steady('muster_data_directory_free_bytes', 9e8, 2e9),
};

function steady(name: string, ill: number, well: number): [[string, string], [string, string]] {
  const both = (value: number): [string, string] => [`${name} ${value}`, `${name} ${value}`];
  return [both(ill), both(well)];
}

function headWaits(count: number, sum: number): string {
  return `muster_log_head_wait_seconds_count ${count}\nmuster_log_head_wait_seconds_sum ${sum}`;
}

function closes(b0: number, n0: number, b1: number, n1: number): [string, string] {
  const at = (broken: number, normal: number) =>
    `muster_socket_closes_total{code="1006"} ${broken}\nmuster_socket_closes_total{code="1000"} ${normal}`;
  return [at(b0, n0), at(b1, n1)];
}

function operations(a0: number, q0: number, a1: number, q1: number): [string, string] {
  const at = (all: number, quick: number) =>
    `muster_operation_seconds_count{type="query",outcome="ok"} ${all}\n` +
    `muster_operation_seconds_bucket{le="1",type="query",outcome="ok"} ${quick}\n` +
    `muster_operation_seconds_bucket{le="+Inf",type="query",outcome="ok"} ${all}`;
  return [at(a0, q0), at(a1, q1)];
}

test.each(Object.entries(CASES))('%s is found where it is, and only there', (code, [ill, well]) => {
  expect(codes(...ill)).toEqual([code]);
  expect(codes(...well)).toEqual([]);
});

test('what is there for a moment only is no problem', () => {
  expect(codes('muster_feed_lag_seconds 9', 'muster_feed_lag_seconds 0')).toEqual([]);
  expect(codes('muster_feed_lag_seconds 0', 'muster_feed_lag_seconds 9')).toEqual([]);
});

test('a database is away when it never answered', () => {
  const seen = (before: string, now: string) =>
    diagnose({
      before: new Figures(before),
      now: new Figures(now),
      seconds: 5,
      readiness: { status: 'not ready', checks: { database: { ok: false } } },
    }).map(({ code }) => code);
  const [up, down] = ['muster_database_up 1', 'muster_database_up 0'];
  expect(seen(down, down)).toEqual(['DATABASE_AWAY']);
  expect(seen(up, down)).toEqual(['NOT_READY']);
});

test('what the node says of itself', () => {
  const failing = { migrations: { ok: false, pending: 2 } };
  expect(codes('', '', { status: 'not ready', checks: failing })).toEqual(['MIGRATIONS_PENDING']);
  expect(codes('', '', { status: 'stopping', checks: {} })).toEqual(['STOPPING']);
  const other = { feed: { ok: false } };
  expect(codes('', '', { status: 'not ready', checks: other })).toEqual(['NOT_READY']);
  const slow = { database: { ok: false } };
  expect(codes('', '', { status: 'not ready', checks: slow })).toEqual(['NOT_READY']);
});

test('every rule has a case, and a remedy in a sentence', () => {
  const byReadiness = ['STOPPING', 'DATABASE_AWAY', 'MIGRATIONS_PENDING'];
  expect(RULES.map(({ code }) => code).sort()).toEqual(
    [...byReadiness, ...Object.keys(CASES)].sort(),
  );
  for (const { remedy } of RULES) expect(remedy).toMatch(/^[A-Z].{20,}\.$/);
});
