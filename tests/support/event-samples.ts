// The stored samples of payloads, against what the domains write. `SAMPLES=write npm test` stores those that are missing.
import { globSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SAMPLES = path.join(ROOT, 'tests', 'events', 'samples');
const WRITERS = ['src/domains/*/events.ts', 'src/metrics/build.ts'];

type Payload = Record<string, unknown>;

export interface Sample {
  type: string;
  version: number;
  /** As the log holds it. */
  stored: Payload;
  /** As readers get it today. */
  current: Payload;
  /** Keys of `stored` that not every event of the version has. */
  optional?: string[];
}

/** Every type of event that the sources can write. */
export function writtenTypes(): string[] {
  const types = globSync(WRITERS, { cwd: ROOT })
    .map((file) => readFileSync(path.join(ROOT, file), 'utf8'))
    .flatMap((text) => [...text.matchAll(/'([a-z]+(?:_[a-z]+)*\.[a-z]+(?:_[a-z]+)*)'/g)])
    .map((match) => match[1] ?? '');
  return [...new Set(types)].sort();
}

export function readSamples(): Sample[] {
  return readdirSync(SAMPLES)
    .filter((name) => name.endsWith('.json'))
    .map((name) => {
      const [type = '', version] = name.replace('.json', '').split('@');
      const sample = JSON.parse(readFileSync(path.join(SAMPLES, name), 'utf8'));
      return { type, version: Number(version), ...sample };
    });
}

const keyOf = ({ type, version }: { type: string; version: number }) => `${type}@${version}`;

/**
 * What the log of a database holds that no sample is like, a sentence each: a version without one, or a payload that
 * has other keys than its version's. With SAMPLES=write a missing one is stored instead.
 */
export async function unlikeSamples(url: string): Promise<string[]> {
  const known = new Map(readSamples().map((sample) => [keyOf(sample), sample]));
  const found: string[] = [];
  for (const event of await distinctEvents(url)) {
    const key = keyOf(event);
    const sample = known.get(key);
    if (sample) {
      const { more, less } = differentKeys(sample, event.payload);
      if (more.length + less.length === 0) continue;
      found.push(
        `${key} was written with [${more}] and without [${less}] of its sample: raise the version`,
      );
    } else if (process.env.SAMPLES === 'write') {
      const { type, version, payload } = event;
      const made = { type, version, stored: payload, current: payload };
      store(made);
      known.set(key, made);
    } else {
      found.push(`${key} has no sample: SAMPLES=write npm test stores one`);
    }
  }
  return found;
}

/** What the transaction itself adds to events that score, for members who are in a team. */
const ADDED = ['teamPath'];

function differentKeys({ stored, optional = [] }: Sample, payload: Payload) {
  const free = [...optional, ...ADDED];
  return {
    more: Object.keys(payload).filter((key) => !(key in stored || free.includes(key))),
    less: Object.keys(stored).filter((key) => !(key in payload || free.includes(key))),
  };
}

/** One event of each type, version and set of keys; only what the sources write, not what tests make up. */
async function distinctEvents(url: string) {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows } = await client.query<{ type: string; version: number; payload: Payload }>(
      `SELECT DISTINCT ON (type, version, keys) type, version, payload
       FROM (SELECT type, version, payload, length(payload::text) AS size,
               ARRAY(SELECT jsonb_object_keys(payload) ORDER BY 1) AS keys
             FROM event WHERE type = ANY ($1::text[])) e
       ORDER BY type, version, keys, size DESC`,
      [writtenTypes()],
    );
    return rows.sort((a, b) => Object.keys(b.payload).length - Object.keys(a.payload).length);
  } finally {
    await client.end();
  }
}

function store(sample: Sample): void {
  const file = path.join(SAMPLES, `${keyOf(sample)}.json`);
  const { stored, current } = sample;
  writeFileSync(file, `${JSON.stringify({ stored, current }, null, 2)}\n`);
}
