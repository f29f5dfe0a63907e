// Writers as clients write: over HTTP, with an idempotency key, again and again until there is an answer.
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeGlobalId } from '../../src/api/global-ids.ts';
import type { Company, Person } from './company.ts';
import type { Model, Write } from './model.ts';
import type { Random } from './random.ts';

/** A half-open connection never answers. */
const ANSWER_MS = 12_000;
/** After this a write that nobody has acknowledged is a failure. */
const PATIENCE_MS = 300_000;
const PASSING = new Set(['INTERNAL_SERVER_ERROR', 'POSITION_NOT_REACHED']);

interface Answer {
  data?: Record<string, { __typename: string; message?: string; [field: string]: unknown }> | null;
  errors?: { message: string; extensions?: { code?: string } }[];
  extensions?: { position?: string };
}

interface Saved {
  id: string;
  version: number;
}

export interface WritersOptions {
  companies: readonly Company[];
  model: Model;
  random: Random;
  /** Where nodes answer; any will do. */
  urls: readonly string[];
  /** At a time, in one organization. */
  perCompany: number;
  /** Makes keys of one run. */
  run: string;
}

/** Load that can be switched on and off. */
export class Writers {
  /** How often a write had to be sent again. */
  retries = 0;
  #options: WritersOptions;
  #isOn = false;
  #working: Promise<void>[] = [];
  #made = 0;
  #worth = new Map<Company, number>();
  #openTasks = new Map<Person, Saved[]>();

  constructor(options: WritersOptions) {
    this.#options = options;
  }

  /** @param rate writes a second, of all organizations together */
  start(rate: number): void {
    this.#isOn = true;
    const { companies, perCompany } = this.#options;
    const pauseMs = (1_000 * companies.length * perCompany) / rate;
    this.#working = companies.flatMap((company) =>
      Array.from({ length: perCompany }, () => this.#work(company, pauseMs)),
    );
    // Awaited by `stop`, which may be long after one of them has failed.
    for (const working of this.#working) working.catch(() => {});
  }

  /** Resolves when every write that was begun is acknowledged; fails when one was refused. */
  async stop(): Promise<void> {
    this.#isOn = false;
    await Promise.all(this.#working);
  }

  async #work(company: Company, pauseMs: number): Promise<void> {
    let due = performance.now() + Math.random() * pauseMs;
    while (this.#isOn) {
      await sleep(Math.max(0, due - performance.now()));
      // Who is behind does not try to make up for it.
      due = Math.max(due + pauseMs, performance.now() - 1_000);
      await this.#write(company);
    }
  }

  async #write(company: Company): Promise<void> {
    const { random } = this.#options;
    const person = random.pick(company.reps);
    const open = this.#openTasks.get(person) ?? [];
    this.#openTasks.set(person, open);
    const kind = random.below(10);
    if (kind < 2) return this.#win(company, person);
    const task = kind < 5 ? open.shift() : undefined;
    if (task) {
      const { id } = task;
      await this.#send(company, person, 'completeTask', 'task', 'task.completed', { id });
      return;
    }
    const input = { title: `任务 ${this.#made}` };
    open.push(await this.#send(company, person, 'createTask', 'task', 'task.created', input));
  }

  async #win(company: Company, person: Person): Promise<void> {
    const worth = (this.#worth.get(company) ?? 0) + 1;
    this.#worth.set(company, worth);
    const opportunity = { name: `商机 ${worth}`, funnelId: company.funnelId };
    const [created, won] = ['opportunity.created', 'opportunity.won'];
    const kind = 'opportunity';
    const { id } = await this.#send(
      company,
      person,
      'createOpportunity',
      kind,
      created,
      opportunity,
    );
    const input = { id, wonAmount: String(worth) };
    await this.#send(company, person, 'winOpportunity', kind, won, input, worth);
  }

  async #send(
    { organizationId }: Company,
    { memberId, token }: Person,
    mutation: string,
    record: string,
    event: string,
    given: object,
    worth: number | null = null,
  ): Promise<Saved> {
    this.#made += 1;
    const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}`;
    const query = `mutation ($input: ${type}Input!) { ${mutation}(input: $input) { __typename
      ... on ${type}Payload { ${record} { id version } } ... on UserError { message } } }`;
    const input = { ...given, idempotencyKey: `${this.#options.run} ${this.#made}` };
    const { saved, position } = await this.#persist(
      token,
      { query, variables: { input } },
      (data) =>
        data?.[mutation]?.__typename === `${type}Payload`
          ? (data[mutation][record] as Saved)
          : null,
    );
    const recordId = decodeGlobalId(saved.id)?.id ?? saved.id;
    const { version } = saved;
    const write: Write = { organizationId, position, event, recordId, version, memberId, worth };
    this.#options.model.acknowledge(write);
    return saved;
  }

  /** Sends it to one node after the other until one has acknowledged it. */
  async #persist(
    token: string,
    body: object,
    read: (data: Answer['data']) => Saved | null,
  ): Promise<{ saved: Saved; position: number }> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const answer = await this.#post(token, body);
      const saved = answer && read(answer.data);
      const position = Number(answer?.extensions?.position);
      if (saved && position > 0) return { saved, position };
      const isPassing =
        !answer || answer.errors?.some(({ extensions }) => PASSING.has(extensions?.code ?? ''));
      if (!isPassing || performance.now() > deadline) {
        throw new Error(`A write was refused: ${JSON.stringify(body)} ${JSON.stringify(answer)}`);
      }
      this.retries += 1;
      await sleep(50 + Math.random() * 200);
    }
  }

  async #post(token: string, body: object): Promise<Answer | null> {
    try {
      const response = await fetch(this.#options.random.pick(this.#options.urls), {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          authorization: `Bearer ${token}`,
        },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      // On its way out, or behind: another node will do.
      return response.status >= 500 ? null : ((await response.json()) as Answer);
    } catch {
      return null;
    }
  }
}
