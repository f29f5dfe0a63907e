// Functions of another process of ours, called as if they were here.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

// biome-ignore lint/suspicious/noExplicitAny: what functions take and give is said where they are declared.
type Functions = Record<string, (argument: any) => unknown>;

export type Remote<F extends Functions> = {
  [Name in keyof F]: (...argument: Parameters<F[Name]>) => Promise<Awaited<ReturnType<F[Name]>>>;
} & { end(): Promise<void> };

interface Call {
  id: number;
  name: string;
  argument: unknown;
}

/** Answers the calls of the parent process. */
export function answerCalls(functions: Functions): void {
  process.on('message', async ({ id, name, argument }: Call) => {
    try {
      process.send?.({ id, result: await functions[name]?.(argument) });
    } catch (error) {
      process.send?.({ id, error: error instanceof Error ? error.stack : String(error) });
    }
  });
  process.on('disconnect', () => process.exit());
  process.send?.({ id: 0 });
}

/** Starts a process that answers calls. */
export async function startRemote<F extends Functions>(
  file: string,
  flags: string[] = [],
): Promise<Remote<F>> {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const child: ChildProcess = fork(path, { execArgv: [...process.execArgv, ...flags] });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let calls = 0;
  child.on('message', ({ id, result, error }: { id: number; result?: unknown; error?: string }) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) call?.resolve(result);
    else call?.reject(new Error(error));
  });
  child.once('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`${file} ended with ${code}`));
  });
  await once(child, 'message');
  const call = (name: string, argument: unknown) => {
    calls += 1;
    const answer = Promise.withResolvers<unknown>();
    waiting.set(calls, answer);
    child.send({ id: calls, name, argument });
    return answer.promise;
  };
  const end = async () => {
    const ended = once(child, 'exit');
    child.disconnect();
    await ended;
  };
  return new Proxy({} as Remote<F>, {
    get: (_target, name) => {
      // A promise resolves with it, and asks whether it is one itself.
      if (name === 'then') return undefined;
      return name === 'end' ? end : (argument: unknown) => call(String(name), argument);
    },
  });
}
