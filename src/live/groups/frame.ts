/** What a frame writes to: Node's own socket below a WebSocket without extensions. */
export interface ByteSink {
  write(bytes: Uint8Array): boolean;
  /** Bytes that the kernel has not taken yet. */
  readonly writableLength: number;
}

/** A UUID in quotes, which is what clients use. */
const SLOT = 38;
const HEAD = '{"id":';
const NEXT = ',"type":"next","payload":';
const TEXT_FRAME = 0x81;

/**
 * A subscription id as it stands in a frame: JSON in plain ASCII, so that characters are bytes, and padded with the
 * spaces that JSON allows. Null for an id that is too long for it.
 */
export function slotOf(id: string): string | null {
  const text = asciiJson(id);
  return text.length > SLOT ? null : text.padEnd(SLOT);
}

const asciiJson = (text: string): string =>
  JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** The same message for one subscriber, as text. */
export const nextMessage = (id: string, json: string): string =>
  `${HEAD}${asciiJson(id)}${NEXT}${json}}`;

/** A `next` message of graphql-transport-ws as one WebSocket frame, built once; only the id is put in per socket. */
export class Frame {
  #bytes: Buffer;
  #slotAt: number;
  #isGivenAway = false;

  constructor(json: string) {
    const tail = `${NEXT}${json}}`;
    const length = HEAD.length + SLOT + Buffer.byteLength(tail);
    const header = headerOf(length);
    this.#bytes = Buffer.allocUnsafe(header.length + length);
    header.copy(this.#bytes);
    this.#bytes.write(HEAD, header.length, 'latin1');
    this.#slotAt = header.length + HEAD.length;
    this.#bytes.write(tail, this.#slotAt + SLOT, 'utf8');
  }

  /** Writes it with a slot of `slotOf`. Bytes that the kernel did not take at once belong to that socket from then on. */
  write(sink: ByteSink, slot: string): void {
    if (this.#isGivenAway) {
      this.#bytes = Buffer.from(this.#bytes);
      this.#isGivenAway = false;
    }
    this.#bytes.write(slot, this.#slotAt, 'latin1');
    sink.write(this.#bytes);
    this.#isGivenAway = sink.writableLength > 0;
  }
}

/** Of an unmasked, unfragmented text frame. */
function headerOf(length: number): Buffer {
  if (length < 126) return Buffer.from([TEXT_FRAME, length]);
  if (length < 65_536) {
    const header = Buffer.from([TEXT_FRAME, 126, 0, 0]);
    header.writeUInt16BE(length, 2);
    return header;
  }
  const header = Buffer.from([TEXT_FRAME, 127, 0, 0, 0, 0, 0, 0, 0, 0]);
  header.writeBigUInt64BE(BigInt(length), 2);
  return header;
}
