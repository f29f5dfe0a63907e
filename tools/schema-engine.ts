// Prisma's schema engine as WebAssembly, which compares without a download of its native twin.
import { EventEmitter } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import pg from 'pg';

const SCHEMA = fileURLToPath(new URL('../prisma/schema/', import.meta.url));
/** PostgreSQL's type "char", which the adapter cannot read, and text, which it can. */
const CHAR = 18;
const TEXT = 25;

/** What would have to be run on a database to make it what prisma/schema describes. */
export async function differenceOf(
  url: string,
): Promise<{ script: string; summary: string } | null> {
  const engineModule = await loadEngine();
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  pool.on('error', () => {});
  const characters = new Set<string>();
  pool.on('connect', (client) => readCharAsText(client, characters));
  try {
    const adapter = bindMigrationAwareSqlAdapterFactory(
      tellCharacters(new PrismaPg(pool), characters),
    );
    const engine = await engineModule.SchemaEngine.new(
      { datamodels: undefined },
      () => {},
      adapter,
    );
    const files = readdirSync(SCHEMA)
      .filter((name) => name.endsWith('.prisma'))
      .sort()
      .map((name) => ({ path: name, content: readFileSync(path.join(SCHEMA, name), 'utf8') }));
    const compare = (script: boolean) =>
      engine.diff({
        from: { tag: 'schemaDatasource', files, configDir: SCHEMA },
        to: { tag: 'schemaDatamodel', files },
        script,
        exitCode: true,
        filters: { externalTables: [], externalEnums: [] },
      });
    const scripted = await compare(true);
    if (scripted.exitCode === 0) return null;
    const summary = await compare(false);
    return { script: scripted.stdout ?? '', summary: summary.stdout ?? '' };
  } finally {
    await pool.end();
  }
}

async function loadEngine() {
  // The package's own entry imports the .wasm file as a module, which only bundlers can.
  const resolve = createRequire(import.meta.url).resolve;
  const glue = resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const engineModule: typeof import('@prisma/schema-engine-wasm/schema_engine_bg') = await import(
    pathToFileURL(glue).href
  );
  const wasm = glue.replace(/\.js$/, '.wasm');
  const imports = { './schema_engine_bg.js': { ...engineModule } };
  const { instance } = await WebAssembly.instantiate(readFileSync(wasm), imports);
  engineModule.__wbg_set_wasm(instance.exports);
  const begin = instance.exports.__wbindgen_start;
  if (typeof begin === 'function') begin();
  return engineModule;
}

/** Has "char" columns read as text, and notes their names. */
function readCharAsText(client: pg.PoolClient, characters: Set<string>): void {
  if (!('connection' in client && client.connection instanceof EventEmitter)) return;
  client.connection.prependListener('rowDescription', (message: pg.QueryResult) => {
    for (const field of message.fields) {
      if (field.dataTypeID !== CHAR) continue;
      field.dataTypeID = TEXT;
      characters.add(field.name);
    }
  });
}

/** Tells the engine which columns are characters, as it stops at a text where it wants one. */
function tellCharacters(factory: PrismaPg, characters: ReadonlySet<string>): PrismaPg {
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter = await connect();
    const queryRaw = adapter.queryRaw.bind(adapter);
    adapter.queryRaw = async (query) => {
      const result = await queryRaw(query);
      const columnTypes = result.columnTypes.map((type, index) =>
        characters.has(result.columnNames[index] ?? '') ? ColumnTypeEnum.Character : type,
      );
      return { ...result, columnTypes };
    };
    return adapter;
  };
  return factory;
}
