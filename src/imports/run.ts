import { statSync } from 'node:fs';
import path from 'node:path';
import { startOfDay } from '../calendar/periods.ts';
import type { Database } from '../database/database.ts';
import { rehearse } from '../database/rehearse.ts';
import { databaseTime } from './clock-store.ts';
import { contacts } from './kinds/contacts.ts';
import { customers } from './kinds/customers.ts';
import { importFunnels } from './kinds/funnels.ts';
import { appointLeaders } from './kinds/leaders.ts';
import { members } from './kinds/members.ts';
import { opportunities } from './kinds/opportunities.ts';
import { products } from './kinds/products.ts';
import { teams } from './kinds/teams.ts';
import { ImportError, type Mapping, SOURCE_KINDS, type Source } from './model.ts';
import { type Target, targetOf } from './organization.ts';
import { type Importer, importSource } from './pipeline.ts';
import { References } from './references.ts';
import { Report } from './report.ts';
import type { Session } from './session.ts';
import { lookupsOf } from './values.ts';

const MOST_NAMES = 10;

export interface ImportOptions {
  folder: string;
  mapping: Mapping;
  /** Its key; default: the mapping's own, made when it is not there, else the only one there is. */
  organization?: string | undefined;
  /** Write nothing and report the same. */
  dryRun: boolean;
  /** Where reports go when the folder takes none. Default: the process's. */
  workingDirectory?: string;
  /** Hears how many bytes were read, of `totalBytes`. */
  onBytes?: (count: number) => void;
}

export interface ImportResult {
  target: Target;
  report: Report;
}

/**
 * Brings what the files say into the organization, kind by kind, in the order in which they refer to each other.
 * Throws ImportError when a file is missing or has not the columns that the mapping names; what went in before stays,
 * and a second run goes on from there.
 */
export async function runImport(db: Database, options: ImportOptions): Promise<ImportResult> {
  const report = new Report(options.folder, options.workingDirectory ?? process.cwd());
  requireFiles(options);
  try {
    const target = await (options.dryRun
      ? rehearse(db, (rehearsal) => importAll(rehearsal, options, report))
      : importAll(db, options, report));
    return { target, report };
  } finally {
    report.close();
  }
}

async function importAll(db: Database, options: ImportOptions, report: Report): Promise<Target> {
  const { mapping, folder } = options;
  const target = await targetOf(db, mapping, options.organization);
  const { viewer, settings } = target;
  const session: Session = {
    db,
    viewer,
    settings,
    mapping,
    folder,
    report,
    references: new References(),
    membersFrom: mapping.membersFrom ? startOfDay(settings, mapping.membersFrom) : null,
    startedAt: await databaseTime(db),
    onBytes: options.onBytes ?? (() => {}),
    sellers: new Map(),
    numbersFrom: new Map(),
    owners: new Set(),
  };
  const each = async <S extends Source, Row>(importer: Importer<S, Row>, sources: S[] = []) => {
    for (const source of sources) await importSource(session, importer, source);
  };
  await each(teams, mapping.teams);
  await each(members, mapping.members);
  await appointLeaders(session, mapping.teams ?? []);
  await importFunnels(session, mapping.funnels ?? []);
  await each(products, mapping.products);
  await each(customers, mapping.customers);
  await each(contacts, mapping.contacts);
  await each(opportunities, mapping.opportunities);
  if (mapping.opportunities) remarkIdle(session);
  return target;
}

/** Whoever sells and has nothing in the files is worth a look: a name may be written in two ways. */
function remarkIdle({ sellers, owners, report }: Session): void {
  const idle = [...sellers].filter(([id]) => !owners.has(id)).map(([, name]) => name);
  if (idle.length === 0) return;
  const names = idle.slice(0, MOST_NAMES).join(', ') + (idle.length > MOST_NAMES ? ', ...' : '');
  report.remarks.push(`${idle.length} of ${sellers.size} members own no opportunity: ${names}.`);
}

/** The files that a mapping reads, each as often as it is read. */
function filesOf(mapping: Mapping): string[] {
  return SOURCE_KINDS.flatMap((kind) =>
    (mapping[kind] ?? []).flatMap((source: Source) => [
      source.file,
      ...Object.values(source)
        .flatMap(lookupsOf)
        .flatMap(({ lookup }) => lookup?.file ?? []),
    ]),
  );
}

function requireFiles({ folder, mapping }: ImportOptions): void {
  const missing = [...new Set(filesOf(mapping))].filter((file) => sizeOf(folder, file) === null);
  if (missing.length > 0) {
    throw new ImportError(`${folder} has no file ${missing.join(', ')}, which the mapping names.`);
  }
}

/** Of all that an import of this folder reads, for a progress bar. */
export const totalBytes = (folder: string, mapping: Mapping): number =>
  filesOf(mapping).reduce((sum, file) => sum + (sizeOf(folder, file) ?? 0), 0);

function sizeOf(folder: string, file: string): number | null {
  const found = statSync(path.join(folder, file), { throwIfNoEntry: false });
  return found?.isFile() ? found.size : null;
}
