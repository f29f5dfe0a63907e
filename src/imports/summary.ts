import type { Kind } from './model.ts';
import type { Count } from './report.ts';
import type { ImportResult } from './run.ts';

const ORDER: readonly Kind[] = [
  'teams',
  'members',
  'funnels',
  'products',
  'customers',
  'contacts',
  'opportunities',
];
const COLUMNS = ['read', 'created', 'updated', 'unchanged', 'repeated', 'refused'] as const;
const MOST_NOTES = 20;

/** What an import did, for people: a table, what was filled in, where the reports are. */
export function summarize(
  { target, report }: ImportResult,
  { dryRun, milliseconds }: { dryRun: boolean; milliseconds: number },
): string {
  const kinds = ORDER.flatMap((kind) => {
    const count = report.counts.get(kind);
    return count ? [{ kind, count }] : [];
  });
  const read = kinds.reduce((sum, { count }) => sum + count.read, 0);
  const seconds = milliseconds / 1000;
  const rate = Math.round(read / Math.max(seconds, 0.001));
  const notes = [...report.notes.values()];
  return [
    ...table(kinds),
    '',
    ...notes
      .slice(0, MOST_NOTES)
      .map(({ file, column, note, lines }) => `${file}, ${column}: ${note} (${lines} lines)`),
    ...(notes.length > MOST_NOTES ? [`... and ${notes.length - MOST_NOTES} more.`] : []),
    ...report.remarks,
    ...report.files.map(
      ({ path, elsewhere }) =>
        `See ${path}${elsewhere ? ' (the folder of the files cannot be written to)' : ''}.`,
    ),
    ...(target.made ? [signIn(target.key, target.made, dryRun)] : []),
    `${read} lines in ${seconds.toFixed(1)} s (${rate} a second) ${
      dryRun ? 'would go' : 'went'
    } into ${target.name} (${target.key})${dryRun ? '; nothing was written' : ''}.`,
  ].join('\n');
}

function table(kinds: readonly { kind: Kind; count: Count }[]): string[] {
  const rows = [
    ['', ...COLUMNS],
    ...kinds.map(({ kind, count }) => [kind, ...COLUMNS.map((column) => String(count[column]))]),
  ];
  const widths = ['', ...COLUMNS].map((_, at) =>
    Math.max(...rows.map((row) => row[at]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  '),
  );
}

const signIn = (
  key: string,
  { employeeNumber, password }: { employeeNumber: string; password: string },
  dryRun: boolean,
): string =>
  dryRun
    ? `The organization ${key} would be made.`
    : `The organization ${key} was made. Sign in as ${employeeNumber} with the password ${password}, which is shown this once and to be changed then.`;
