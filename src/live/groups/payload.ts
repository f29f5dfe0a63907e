import { Frame } from './frame.ts';

/** An answer as it goes to every subscriber of a group: serialised once, framed once and only when a socket asks. */
export class Payload {
  readonly json: string;
  #frame: Frame | null = null;

  constructor(json: string) {
    this.json = json;
  }

  get frame(): Frame {
    this.#frame ??= new Frame(this.json);
    return this.#frame;
  }
}
