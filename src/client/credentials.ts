/**
 * Gives the bearer token. Called for every new connection and every request; `isRefused`: the server has refused the
 * one given last, or its rights have ended, so get a new one. A failure is tried again like a broken connection,
 * unless it is a SignInNeeded.
 */
export type TokenSource = (isRefused: boolean) => string | Promise<string>;

/** What a connection or a request says of who asks. */
export interface Authorization {
  authorization: string;
}

/** The token, and whether the server still takes it. */
export class Credentials {
  #source: TokenSource;
  #last = '';
  #refused: string | null = null;
  #asking: Promise<Authorization> | null = null;

  constructor(source: TokenSource) {
    this.#source = source;
  }

  /** Asked by many at once, as after a break, the source is called once. */
  headers(): Promise<Authorization> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  /** These were of no use; without effect when there are newer ones. */
  refuse({ authorization }: Authorization): void {
    this.#refused = authorization;
  }

  async #ask(): Promise<Authorization> {
    this.#last = `Bearer ${await this.#source(this.#refused === this.#last)}`;
    return { authorization: this.#last };
  }
}
