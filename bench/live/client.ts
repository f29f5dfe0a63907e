// The load generator: screens over bare TCP. Every hundredth reads what comes, which must be the same for all.
import { randomUUID } from 'node:crypto';
import { answerCalls } from './calls.ts';
import { Line } from './line.ts';

export interface Opening {
  name: string;
  port: number;
  path: string;
  count: number;
  /** What each subscribes to, in turn; none: a bare WebSocket. */
  asked: { token: string; queries: string[]; variables: object } | null;
}

interface Screens {
  lines: Line[];
  frames: number;
  wanted: number;
  done: (at: number) => void;
  /** What those that read have read last, but for the id; and how many frames differed from it. */
  last: Map<number, string>;
  problems: string[];
}

const EACH_READ = 100;
const AT_A_TIME = 50;
const all = new Map<string, Screens>();

const now = (): number => performance.timeOrigin + performance.now();

async function openOne(screens: Screens, opening: Opening, number: number): Promise<void> {
  const { port, path, asked } = opening;
  const first = Promise.withResolvers<void>();
  const id = randomUUID();
  let isAcknowledged = asked === null;
  const line: Line = new Line({
    ...{ port, path, isRead: number % EACH_READ === 0 },
    onProblem: (problem) => {
      screens.problems.push(problem);
      first.reject(new Error(problem));
    },
    onFrame: (text) => {
      if (!isAcknowledged && asked) {
        isAcknowledged = true;
        const { queries, variables } = asked;
        const query = queries[number % queries.length];
        line.send(JSON.stringify({ id, type: 'subscribe', payload: { query, variables } }));
        return;
      }
      if (text !== null) screens.last.set(number, said(text, asked ? id : null));
      first.resolve();
      screens.frames += 1;
      if (screens.frames === screens.wanted) screens.done(now());
    },
  });
  screens.lines.push(line);
  await line.opened;
  if (!asked) return;
  const payload = { authorization: `Bearer ${asked.token}` };
  line.send(JSON.stringify({ type: 'connection_init', payload }));
  await first.promise;
}

/** The payload of a message; throws when it is not for the id. */
function said(text: string, id: string | null): string {
  if (id === null) return text;
  const message = JSON.parse(text) as { id: string; type: string; payload: unknown };
  if (message.id !== id || message.type !== 'next') throw new Error(text.slice(0, 300));
  return JSON.stringify(message.payload);
}

const screensOf = (name: string): Screens => {
  const screens = all.get(name);
  if (!screens) throw new Error(`${name} is not open`);
  return screens;
};

const functions = {
  async open(opening: Opening): Promise<void> {
    const screens: Screens = {
      ...{ lines: [], frames: 0, wanted: -1, done: () => {} },
      ...{ last: new Map(), problems: [] },
    };
    all.set(opening.name, screens);
    for (let from = 0; from < opening.count; from += AT_A_TIME) {
      const size = Math.min(AT_A_TIME, opening.count - from);
      await Promise.all(
        Array.from({ length: size }, (_, at) => openOne(screens, opening, from + at)),
      );
    }
  },

  /** Resolves with the time, in milliseconds of the epoch, at which so many more frames had come. */
  wait({ name, frames }: { name: string; frames: number }): Promise<number> {
    const screens = screensOf(name);
    const { promise, resolve } = Promise.withResolvers<number>();
    screens.wanted = screens.frames + frames;
    screens.done = resolve;
    return promise;
  },

  /** How many different texts those that read hold, and whether all have this in them. */
  check({ name, text }: { name: string; text: string }): {
    texts: number;
    areRight: boolean;
    bytes: number;
  } {
    const { last, problems } = screensOf(name);
    if (problems.length > 0) throw new Error(problems[0]);
    const texts = new Set(last.values());
    const areRight = last.size > 0 && [...texts].every((one) => one.includes(text));
    return { texts: texts.size, areRight, bytes: [...texts][0]?.length ?? 0 };
  },

  /** A message as one screen got it last. */
  sample({ name }: { name: string }): string {
    const [payload = 'null'] = screensOf(name).last.values();
    return `{"id":"${randomUUID()}","type":"next","payload":${payload}}`;
  },

  close({ name }: { name: string }): void {
    for (const line of screensOf(name).lines) line.close();
    all.delete(name);
  },

  cpu(): number {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  },
};

export type Client = typeof functions;
answerCalls(functions);
