// `npm run schema:print` writes schema/schema.graphql; with --check it only says whether it is up to date.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { printWithAuth } from './api/print.ts';
import { schema } from './schema.ts';

const FILE = fileURLToPath(new URL('../schema/schema.graphql', import.meta.url));
const printed = printWithAuth(schema);

if (process.argv.includes('--check')) {
  const kept = existsSync(FILE) ? readFileSync(FILE, 'utf8') : '';
  if (kept !== printed) {
    process.stderr.write(
      'schema/schema.graphql is not what the code makes: run "npm run schema:print", look at the difference, and say in schema/CHANGELOG.md what changes for clients.\n',
    );
    process.exitCode = 1;
  }
} else {
  mkdirSync(path.dirname(FILE), { recursive: true });
  writeFileSync(FILE, printed);
  process.stdout.write(`Wrote ${path.relative(process.cwd(), FILE)}.\n`);
}
