import { Frame } from './frame.ts';

/** An answer as it goes to every subscriber of a group: serialised once, framed once and only when a socket asks. */
export class Payload {
  readonly json: string;
  #bytes: number | null = null;
  #frame: Frame | null = null;

  constructor(json: string) {
    this.json = json;
  }

  /** Length in UTF-8. */
  get bytes(): number {
    this.#bytes ??= Buffer.byteLength(this.json);
    return this.#bytes;
  }

  get frame(): Frame {
    this.#frame ??= new Frame(this.json);
    return this.#frame;
  }
}
