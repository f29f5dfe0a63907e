import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { answerHealth, type HealthChecks, type Readiness } from './health.ts';
import { answerMetrics, type Metrics } from './metrics.ts';
import type { Pipeline } from './pipeline.ts';
import type { Pulse } from './pulse.ts';

export interface RequestsOptions {
  pipeline: Pipeline;
  log: Logger;
  pulse: Pulse;
  health: HealthChecks;
  readiness: Readiness;
  metrics: Metrics;
  metricsToken: string | null;
  graphiql: boolean;
  /** This node stops: server-sent events go elsewhere. */
  isStopping(): boolean;
}

const wantsStream = ({ headers }: IncomingMessage): boolean =>
  headers.accept?.includes('text/event-stream') ?? false;

/** HTTP requests, from their coming in until their answer is through. */
export class Requests {
  #options: RequestsOptions;
  #answering = new Set<ServerResponse>();

  constructor(options: RequestsOptions) {
    this.#options = options;
  }

  /** How many are under way, server-sent events included. */
  get size(): number {
    return this.#answering.size;
  }

  /** Server-sent events under way. */
  streams(): ServerResponse[] {
    return [...this.#answering].filter(
      (response) => wantsStream(response.req) && response.headersSent,
    );
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    this.#answer(request, response).catch((error: unknown) => {
      this.#options.log.error({ err: error }, 'a request could not be answered');
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { health, readiness, metrics, metricsToken, graphiql } = this.#options;
    // The next request of this client goes over a new connection, to a node that stays.
    if (readiness.isDraining) response.setHeader('connection', 'close');
    if (await answerHealth(request, response, health, readiness)) return;
    if (await answerMetrics(request, response, metrics, metricsToken)) return;
    if (request.url === '/' && graphiql) {
      response.writeHead(302, { location: '/graphql' }).end();
      return;
    }
    if (wantsStream(request)) {
      if (this.#options.isStopping()) {
        response.writeHead(503, { 'retry-after': '1' }).end();
        return;
      }
      this.#watch(request, response);
    }
    this.#answering.add(response);
    response.once('close', () => this.#answering.delete(response));
    await this.#options.pipeline(request, response);
  }

  #watch(request: IncomingMessage, response: ServerResponse): void {
    const { pulse } = this.#options;
    const end = () => response.destroy();
    // Yoga sends its own signs of life.
    const patient = { bytes: request.socket, ping: null, stalled: end, silent: end };
    pulse.add(patient);
    response.once('close', () => pulse.remove(patient));
  }
}
