// `npm run import -- <folder> --mapping <file>`: CSV files into an organization.
import path from 'node:path';
import { Command, CommanderError } from 'commander';
import { EmbeddedError } from '../database/embedded.ts';
import { NamedError } from '../database/errors.ts';
import { MigrationError } from '../database/migrate.ts';
import { loadMapping } from '../imports/mapping.ts';
import { ImportError, type Mapping } from '../imports/model.ts';
import { showProgress } from '../imports/progress.ts';
import { type ImportResult, runImport, totalBytes } from '../imports/run.ts';
import { summarize } from '../imports/summary.ts';
import { readSettings, SettingsError } from '../settings.ts';
import { openDatabase } from './open-database.ts';
// What every room gives to a new organization, and what earns points in it.
import '../schema.ts';

const REFUSED = 1;
const NOTHING_DONE = 2;

interface Options {
  mapping: string;
  organization?: string;
  dryRun: boolean;
}

const program = new Command('import')
  .description('Brings CSV files into an organization. Records are found again by external id.')
  .argument('<folder>', 'where the files are')
  .requiredOption(
    '--mapping <file>',
    'which column becomes what (schema/import-mapping.schema.json)',
  )
  .option('--organization <key>', "default: the mapping's own, else the only one there is")
  .option('--dry-run', 'write nothing and report the same', false)
  .addHelpText('after', '\nExit code: 0, 1 when rows were refused, 2 when nothing could be done.')
  .exitOverride()
  .action(async (folder: string, options: Options) => {
    const { report } = await importFolder(folder, loadMapping(options.mapping), options);
    if (report.refusals > 0) process.exitCode = REFUSED;
  });

async function importFolder(
  folder: string,
  mapping: Mapping,
  { organization, dryRun }: Options,
): Promise<ImportResult> {
  const { db, close } = await openDatabase(readSettings(process.env), say);
  const progress = showProgress(process.stderr, totalBytes(folder, mapping));
  const started = performance.now();
  try {
    const result = await runImport(db, {
      folder: path.resolve(folder),
      mapping,
      organization,
      dryRun,
      onBytes: progress.add,
    });
    progress.stop();
    say(summarize(result, { dryRun, milliseconds: performance.now() - started }));
    return result;
  } finally {
    progress.stop();
    await close();
  }
}

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`);
}

const EXPECTED = [ImportError, SettingsError, EmbeddedError, MigrationError, NamedError];

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : NOTHING_DONE;
  } else {
    const expected = error instanceof Error && EXPECTED.some((kind) => error instanceof kind);
    const trace = error instanceof Error ? error.stack : String(error);
    process.stderr.write(`${expected ? error.message : trace}\n`);
    process.exitCode = NOTHING_DONE;
  }
}
