import type { IncomingMessage, ServerResponse } from 'node:http';

export interface HealthCheck {
  ok: boolean;
  /** Milliseconds, counts or names that help an operator; never a secret. */
  [fact: string]: unknown;
}

/** What must hold for this node to get traffic, by name. A check that throws, or takes over two seconds, has failed. */
export type HealthChecks = Record<string, () => Promise<HealthCheck>>;

const TIMEOUT_MS = 2_000;

/** Whether this node wants traffic, and who has asked. */
export interface Readiness {
  /** It stops: not ready, whatever the checks say. */
  isDraining: boolean;
  /** When /health/ready was asked last, by `performance.now()`; null: never. */
  askedAt: number | null;
}

/** Answers /health/live and /health/ready; false when the path is another. */
export async function answerHealth(
  request: IncomingMessage,
  response: ServerResponse,
  checks: HealthChecks,
  readiness: Readiness,
): Promise<boolean> {
  const path = request.url?.split('?')[0];
  if (path === '/health/live') {
    send(response, 200, { status: 'live' });
    return true;
  }
  if (path !== '/health/ready') return false;
  readiness.askedAt = performance.now();
  if (readiness.isDraining) {
    send(response, 503, { status: 'stopping' });
    return true;
  }
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, await run(check)] as const),
  );
  const ready = results.every(([, result]) => result.ok);
  send(response, ready ? 200 : 503, {
    status: ready ? 'ready' : 'not ready',
    checks: Object.fromEntries(results),
  });
  return true;
}

async function run(check: () => Promise<HealthCheck>): Promise<HealthCheck> {
  const startedAt = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<HealthCheck>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false, reason: 'no answer in time' }), TIMEOUT_MS);
  });
  try {
    const result = await Promise.race([check(), timeout]);
    return { ...result, ms: Math.round(performance.now() - startedAt) };
  } catch {
    // What went wrong may hold addresses and names; the log has it.
    return { ok: false, reason: 'failed' };
  } finally {
    clearTimeout(timer);
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
