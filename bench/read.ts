// Everyday reads over HTTP, beside PostGraphile 5 on the same tables and a bare server: a list with owner and three
// opportunities each, a page of pages of pages, a record by its id. Each server is a process of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { encodeGlobalId } from '../src/api/global-ids.ts';
import { postgresCpu } from './cpu.ts';
import { makeOrganization } from './organization.ts';
import { fillForReads } from './read-data.ts';
import { median, ROUNDS, report, withDatabase } from './support.ts';

const CONNECTIONS = 10;
const SECONDS = Number(process.env.SECONDS ?? 4);
const TICK_MS = 10;

interface Peer {
  name: string;
  url: string;
  process: ChildProcess;
  headers: Record<string, string>;
  /** What each read is called here; not every peer has all of them. */
  documents: Partial<Record<Read, { query: string; variables?: object }>>;
}

type Read = 'list' | 'deep page' | 'detail';

const PAGE = 'pageInfo { hasNextPage endCursor }';

const ours = (customer: string): Peer['documents'] => ({
  list: {
    query: `query ($first: Int!, $grade: [Grade!]) { customers(first: $first, filter: { grade: { in: $grade } }) { nodes {
      id name grade createdAt owner { id name } opportunities(first: 3) { nodes { id name amount createdAt } } } ${PAGE} } }`,
    variables: { first: 20, grade: ['A'] },
  },
  'deep page': {
    query: `query ($first: Int!) { teams(first: $first) { nodes { id name members(first: 10) { nodes { id name
      opportunities(first: 5) { nodes { id name amount } ${PAGE} } } ${PAGE} } } ${PAGE} } }`,
    variables: { first: 5 },
  },
  detail: {
    query: `query ($id: ID!) { node(id: $id) { ... on Customer { id name grade createdAt owner { id name } } } }`,
    variables: { id: encodeGlobalId('Customer', customer) },
  },
});

const theirs = (customer: string): Peer['documents'] => ({
  list: {
    query: `query ($first: Int!, $grade: Grade!) { customers(first: $first, condition: { grade: $grade, archivedAt: null },
      orderBy: [CREATED_AT_DESC, ROW_ID_DESC]) { nodes { id name grade createdAt owner { id name }
      opportunities(first: 3, condition: { archivedAt: null }, orderBy: [CREATED_AT_DESC, ROW_ID_DESC]) {
        nodes { id name amount createdAt } } } ${PAGE} } }`,
    variables: { first: 20, grade: 'A' },
  },
  'deep page': {
    query: `query ($first: Int!) { teams(first: $first, condition: { archivedAt: null }, orderBy: [NAME_ASC]) { nodes { id name
      memberships(first: 10, condition: { until: null }) { nodes { member { id name
        opportunitiesByOwnerId(first: 5, condition: { archivedAt: null }, orderBy: [CREATED_AT_DESC, ROW_ID_DESC]) {
          nodes { id name amount } ${PAGE} } } } ${PAGE} } } ${PAGE} } }`,
    variables: { first: 5 },
  },
  detail: {
    query: `query ($id: UUID!) { customer(rowId: $id) { id name grade createdAt owner { id name } } }`,
    variables: { id: customer },
  },
});

/** A server that prints its address once it listens. */
async function start(file: string, args: string[], env: NodeJS.ProcessEnv = {}) {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], {
    env: { ...process.env, NODE_ENV: 'production', GRAPHILE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /https?:\/\/\S+/.exec(line)?.[0];
    if (url) {
      child.stdout.resume();
      return { url, process: child };
    }
  }
  throw new Error(`${file} ended before it listened`);
}

const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });

function ask(peer: Peer, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(
      peer.url,
      {
        method: 'POST',
        agent,
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          'content-length': Buffer.byteLength(body),
          ...peer.headers,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve(Buffer.concat(chunks).toString()));
        response.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** CPU of a process in milliseconds; NaN where there is no /proc. */
function cpuOf(pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return Number.NaN;
  }
}

interface Measured {
  rate: number;
  server: number;
  postgres: number;
}

async function measure(
  peer: Peer,
  body: string,
  postmaster: number,
  seconds: number,
): Promise<Measured> {
  const before = [cpuOf(peer.process.pid), postgresCpu(postmaster)] as const;
  const begun = performance.now();
  const until = begun + seconds * 1_000;
  let done = 0;
  const one = async () => {
    while (performance.now() < until) {
      await ask(peer, body);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, one));
  const wall = performance.now() - begun;
  const [server = 0, postgres = 0] = [
    cpuOf(peer.process.pid) - before[0],
    postgresCpu(postmaster) - before[1],
  ];
  return { rate: (done * 1_000) / wall, server: server / done, postgres: postgres / done };
}

/** An answer that is not what it should be is no rate. */
async function check(peer: Peer, read: Read, body: string): Promise<void> {
  const text = await ask(peer, body);
  if (text.includes('"errors"') || !text.includes('"id"')) {
    throw new Error(`${peer.name} answers to ${read}: ${text.slice(0, 600)}`);
  }
  console.log(`${read}, ${peer.name}: ${text.length} bytes`);
}

async function compare(read: Read, peers: readonly Peer[], postmaster: number): Promise<void> {
  const taking = peers.filter(({ documents }) => documents[read]);
  const bodies = new Map(taking.map((peer) => [peer, JSON.stringify(peer.documents[read])]));
  for (const [peer, body] of bodies) {
    await check(peer, read, body);
    await measure(peer, body, postmaster, SECONDS / 2);
  }
  const rounds: Map<Peer, Measured>[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const measured = new Map<Peer, Measured>();
    // The order turns, so that nobody is always the one after another.
    const turned = [
      ...taking.slice(round % taking.length),
      ...taking.slice(0, round % taking.length),
    ];
    for (const peer of turned) {
      measured.set(peer, await measure(peer, bodies.get(peer) ?? '', postmaster, SECONDS));
    }
    rounds.push(measured);
  }
  const [muster] = taking;
  for (const peer of taking) {
    const of = (pick: (measured: Measured) => number) =>
      median(
        rounds.flatMap((round) => (round.has(peer) ? [pick(round.get(peer) as Measured)] : [])),
      );
    report(`${read}, ${peer.name}`, {
      'a second': of(({ rate }) => rate),
      'CPU of the server, ms': of(({ server }) => server),
      'of PostgreSQL, ms': of(({ postgres }) => postgres),
      'Muster beside it': median(
        rounds.map(
          (round) => (round.get(muster as Peer)?.rate ?? 0) / (round.get(peer)?.rate ?? 1),
        ),
      ),
    });
  }
}

await withDatabase(async (db, server) => {
  const bench = await makeOrganization(db, 200);
  await fillForReads(db, bench);
  const { rows } = await db.pool.query<{ id: string }>(
    'SELECT id FROM customer ORDER BY id LIMIT 1',
  );
  const customer = rows[0]?.id ?? '';
  const peers: Peer[] = [];
  try {
    const muster = await start('../src/main.ts', [], {
      ...{ DATABASE_URL: server.url, PORT: '0', POOL_SIZE: '10', LOG_LEVEL: 'warn' },
    });
    const headers = { authorization: `Bearer ${bench.token}` };
    peers.push({ name: 'Muster', ...muster, headers, documents: ours(customer) });
    const modules = new URL('peers/node_modules/postgraphile', import.meta.url);
    if (existsSync(fileURLToPath(modules))) {
      const started = await start('peers/postgraphile.mjs', [server.url]);
      peers.push({ name: 'PostGraphile', ...started, headers: {}, documents: theirs(customer) });
    } else {
      console.log('PostGraphile is not installed: npm ci in bench/peers. Left out.');
    }
    const bare = await start('read-bare.ts', [server.url, bench.admin.organizationId]);
    peers.push({ name: 'bare', ...bare, headers: {}, documents: { list: { query: '' } } });
    for (const read of ['list', 'deep page', 'detail'] as const) {
      await compare(read, peers, server.pid);
    }
  } finally {
    for (const peer of peers) peer.process.kill();
    agent.destroy();
  }
});
