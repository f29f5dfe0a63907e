import { type DocumentNode, print } from 'graphql';
import type { Authorization, Credentials } from './credentials.ts';
import { operationOf } from './document.ts';
import { MusterError, type Problem } from './errors.ts';

/** The place in the log of this client's own writes: what it reads is at least as new. */
export class OwnWrites {
  #position = 0;

  /** @param position decimal digits, as the server writes it */
  saw(position: string | undefined): void {
    if (position !== undefined) this.#position = Math.max(this.#position, Number(position));
  }

  /** What goes along with a request; undefined before the first write. */
  get extensions(): { atLeast: number } | undefined {
    return this.#position > 0 ? { atLeast: this.#position } : undefined;
  }
}

interface Body {
  data?: unknown;
  errors?: Problem[];
  extensions?: { position?: string };
}

/** Queries and mutations over HTTP. */
export class Requests {
  #url: string;
  #credentials: Credentials;
  #own: OwnWrites;
  #silenceMs: number;

  /** @param silenceMs how long to wait for an answer: a server that has gone without a word gives none */
  constructor(url: string, credentials: Credentials, own: OwnWrites, silenceMs: number) {
    this.#url = url;
    this.#credentials = credentials;
    this.#own = own;
    this.#silenceMs = silenceMs;
  }

  /**
   * The data of an operation. A refused token is renewed once.
   * @throws MusterError with the first error's code; NETWORK when there was no answer: whether a mutation had its effect is not known then, and an
   * `idempotencyKey` in its input makes it safe to send it again
   */
  async send<Result>(document: DocumentNode, variables: unknown): Promise<Result> {
    const operationName = operationOf(document).name?.value;
    const { extensions } = this.#own;
    const request = JSON.stringify({
      query: print(document),
      ...{ operationName, variables, extensions },
    });
    const used = await this.#credentials.headers();
    let body = await this.#post(request, used);
    if (isRefused(body)) {
      this.#credentials.refuse(used);
      body = await this.#post(request, await this.#credentials.headers());
    }
    const [error] = body.errors ?? [];
    if (error) {
      const code = error.extensions?.code ?? 'REFUSED';
      throw new MusterError(code, error.message, { problems: body.errors });
    }
    this.#own.saw(body.extensions?.position);
    return body.data as Result;
  }

  async #post(body: string, authorization: Authorization): Promise<Body> {
    const type = 'application/json';
    const headers = { 'content-type': type, accept: type, ...authorization };
    try {
      const signal = AbortSignal.timeout(this.#silenceMs);
      const response = await fetch(this.#url, { method: 'POST', headers, body, signal });
      const answer: unknown = await response.json();
      if (typeof answer === 'object' && answer !== null) return answer;
      throw new Error(`The server answered with status ${response.status}.`);
    } catch (cause) {
      throw new MusterError('NETWORK', `There was no answer from ${this.#url}.`, { cause });
    }
  }
}

const isRefused = ({ errors = [] }: Body): boolean =>
  errors.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED');
