// `npm run doctor`: looks at a running server twice and says in plain words what is wrong and what to do.
// Exit code: 0 when nothing is, 1 otherwise.
import { setTimeout as pause } from 'node:timers/promises';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { Figures, type Readiness } from './doctor-figures.ts';
import { diagnose, type Problem } from './doctor-rules.ts';

/** The server cannot be looked at; its message is a problem and a remedy. */
class Unseen extends Error {
  readonly found: Problem;
  constructor(code: string, problem: string, remedy: string) {
    super(problem);
    this.found = { code, problem, remedy };
  }
}

interface Options {
  url: string;
  token?: string;
  seconds: number;
  json: boolean;
}

const TIMEOUT_MS = 10_000;

const program = new Command('doctor')
  .description('Says what is wrong with a running server, and what to do.')
  .addOption(
    new Option('--url <url>', 'where it is').env('MUSTER_URL').default('http://127.0.0.1:4000'),
  )
  .addOption(
    new Option('--token <token>', "the server's METRICS_TOKEN; better by the environment").env(
      'METRICS_TOKEN',
    ),
  )
  .option('--seconds <seconds>', 'how long to look, 1 to 600', seconds, 5)
  .option('--json', 'print the result as JSON', false)
  .addHelpText('after', '\nExit code: 0 when nothing is wrong, 1 otherwise.')
  .exitOverride()
  .action(examine);

function seconds(text: string): number {
  const value = Number(text);
  if (!/^\d{1,3}$/.test(text) || value < 1 || value > 600) {
    throw new InvalidArgumentError('It must be a whole number from 1 to 600.');
  }
  return value;
}

async function examine(options: Options): Promise<void> {
  let problems: Problem[];
  let summary: Record<string, number> = {};
  try {
    const before = await readFigures(options);
    await pause(options.seconds * 1_000);
    const [now, readiness] = [await readFigures(options), await readReadiness(options)];
    problems = diagnose({ before, now, seconds: options.seconds, readiness });
    summary = summarize(now);
  } catch (error) {
    if (!(error instanceof Unseen)) throw error;
    problems = [error.found];
  }
  if (options.json) say(JSON.stringify({ ok: problems.length === 0, problems, figures: summary }));
  else tell(options, problems, summary);
  if (problems.length > 0) process.exitCode = 1;
}

async function readFigures(options: Options): Promise<Figures> {
  const response = await ask(options, '/metrics');
  if (response.status === 401) {
    throw new Unseen(
      'WRONG_TOKEN',
      'The server does not accept this token.',
      "Set METRICS_TOKEN to the server's own.",
    );
  }
  if (response.status !== 200) {
    throw new Unseen(
      'NO_FIGURES',
      `The server shows no figures: /metrics answered ${response.status}.`,
      'Set METRICS_TOKEN on the server (16 characters or more) and restart it, or correct --url.',
    );
  }
  return new Figures(await response.text());
}

async function readReadiness(options: Options): Promise<Readiness> {
  const response = await ask(options, '/health/ready');
  const answer = (await response.json().catch(() => ({}))) as Partial<Readiness>;
  return { status: answer.status ?? 'unknown', checks: answer.checks ?? {} };
}

async function ask({ url, token }: Options, path: string): Promise<Response> {
  try {
    return await fetch(new URL(path, url), {
      headers: token ? { authorization: `Bearer ${token}` } : {},
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Unseen(
      'NO_ANSWER',
      `Nothing answers at ${url} (${reason}).`,
      'See that the server runs, and that --url (or MUSTER_URL) is right.',
    );
  }
}

const SHOWN: readonly [key: string, metric: string][] = [
  ['sockets', 'muster_sockets'],
  ['groups', 'muster_groups'],
  ['group members', 'muster_group_members'],
  ['organizations followed', 'muster_feed_organizations'],
  ['events behind', 'muster_feed_lag_events'],
  ['connections in use', 'muster_pool_connections'],
  ['answers sent', 'muster_frames_total'],
];

function summarize(now: Figures): Record<string, number> {
  return Object.fromEntries(SHOWN.map(([key, metric]) => [key, now.sum(metric)]));
}

function tell({ url, seconds: looked }: Options, problems: Problem[], summary: object): void {
  const figures = Object.entries(summary).map(([name, value]) => `${name} ${value}`);
  if (figures.length > 0) say(`Looked at ${url} for ${looked} s: ${figures.join(', ')}.`);
  for (const { code, problem, remedy } of problems) {
    say(`\n${code}  ${problem}\n  What to do: ${remedy}`);
  }
  say(problems.length === 0 ? 'Nothing is wrong.' : '');
}

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`);
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  }
  process.exitCode = error instanceof CommanderError ? error.exitCode : 1;
}
