// `npm run organization -- create ...`: a real organization with its first administrator.
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { EmbeddedError } from '../database/embedded.ts';
import { NamedError } from '../database/errors.ts';
import { MigrationError } from '../database/migrate.ts';
import { DEFAULT_ORGANIZATION } from '../domains/organization/model.ts';
import { createOrganization } from '../domains/people/create-organization.ts';
import { readSettings, SettingsError } from '../settings.ts';
import { openDatabase } from './open-database.ts';
// What every room gives to a new organization.
import '../schema.ts';

interface Options {
  key: string;
  name: string;
  adminNumber: string;
  adminName: string;
  timeZone: string;
  currency: string;
  locale: string;
  firstDayOfWeek: number;
  fiscalMonthEnd: number;
  fiscalYearStartMonth: number;
}

const program = new Command('organization').exitOverride();
const { timeZone, currency, locale, ...calendar } = DEFAULT_ORGANIZATION;

program
  .command('create')
  .description('Makes an organization with its first administrator, and shows the password once.')
  .requiredOption('--key <key>', 'what people type at sign-in: a to z, digits, hyphens')
  .requiredOption('--name <name>', 'the name of the company')
  .requiredOption('--admin-number <number>', "the administrator's employee number")
  .requiredOption('--admin-name <name>', "the administrator's name")
  .option('--time-zone <zone>', 'IANA name of the zone that days begin and end in', timeZone)
  .option('--currency <code>', 'ISO 4217 code of the currency of all amounts', currency)
  .option('--locale <tag>', 'BCP 47 tag of the language that screens begin in', locale)
  .option('--first-day-of-week <day>', '1 (Monday) to 7', whole, calendar.firstDayOfWeek)
  .option('--fiscal-month-end <day>', '1 to 31', whole, calendar.fiscalMonthEnd)
  .option('--fiscal-year-start-month <month>', '1 to 12', whole, calendar.fiscalYearStartMonth)
  .action(create);

function whole(text: string): number {
  if (!/^\d{1,3}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

async function create({ adminNumber, adminName, ...organization }: Options): Promise<void> {
  const { db, close } = await openDatabase(readSettings(process.env), say);
  try {
    const administrator = { employeeNumber: adminNumber, name: adminName };
    const made = await createOrganization(db, { ...organization, administrator });
    say(`Made the organization "${organization.name}".`);
    say(
      `Sign in with organization ${organization.key}, employee number ${adminNumber}, password ${made.password}`,
    );
    say('The password is shown this once, and has to be changed after the first sign-in.');
  } finally {
    await close();
  }
}

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`);
}

const FORESEEN = [SettingsError, EmbeddedError, MigrationError, NamedError];

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode;
  } else {
    const foreseen = error instanceof Error && FORESEEN.some((kind) => error instanceof kind);
    const trace = error instanceof Error ? error.stack : String(error);
    process.stderr.write(`${foreseen ? error.message : trace}\n`);
    process.exitCode = 1;
  }
}
