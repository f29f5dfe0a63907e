// A WebSocket of the load generator: bare TCP that counts frames, and reads those of a few.
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

export interface LineOptions {
  port: number;
  path: string;
  /** Reads every text, to check it; else only how long frames are. */
  isRead: boolean;
  /** A text frame has come; its text where it is read. */
  onFrame(text: string | null): void;
  onProblem(problem: string): void;
}

const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

export class Line {
  #socket: Socket;
  #options: LineOptions;
  #isOpen = false;
  #opened = Promise.withResolvers<void>();
  #head = Buffer.alloc(0);
  #opcode = 0;
  #left = 0;
  #parts: Buffer[] = [];

  constructor(options: LineOptions) {
    this.#options = options;
    const { port, path, onProblem } = options;
    this.#socket = connect(port, '127.0.0.1', () => {
      const key = randomBytes(16).toString('base64');
      this.#socket.write(
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
          `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n` +
          'Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n',
      );
    });
    this.#socket.setNoDelay(true);
    this.#socket.on('data', (chunk: Buffer) => this.#take(chunk));
    this.#socket.on('error', (error) => onProblem(error.message));
  }

  get opened(): Promise<void> {
    return this.#opened.promise;
  }

  send(text: string, opcode = TEXT): void {
    const payload = Buffer.from(text);
    const { length } = payload;
    const head =
      length < 126
        ? Buffer.from([0x80 | opcode, 0x80 | length])
        : Buffer.from([0x80 | opcode, 0x80 | 126, length >> 8, length & 0xff]);
    // Masked with zeros: as clients must, and as cheap as it gets.
    this.#socket.write(Buffer.concat([head, Buffer.alloc(4), payload]));
  }

  close(): void {
    this.#socket.removeAllListeners('error').on('error', () => {});
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    if (!this.#isOpen) {
      this.#head = Buffer.concat([this.#head, chunk]);
      const end = this.#head.indexOf('\r\n\r\n');
      if (end < 0) return;
      const rest = this.#head.subarray(end + 4);
      if (!this.#head.toString('latin1', 0, 12).includes('101'))
        this.#options.onProblem(this.#head.toString('latin1', 0, end));
      this.#isOpen = true;
      this.#head = Buffer.alloc(0);
      this.#opened.resolve();
      this.#take(rest);
      return;
    }
    for (let at = 0; at < chunk.length; ) {
      if (this.#left === 0) at = this.#header(chunk, at);
      const length = Math.min(this.#left, chunk.length - at);
      if (this.#options.isRead || this.#opcode !== TEXT)
        this.#parts.push(chunk.subarray(at, at + length));
      this.#left -= length;
      at += length;
      if (this.#left === 0 && this.#head.length === 0) this.#done();
    }
  }

  /** Reads one, which may come in pieces; gives where it ends. */
  #header(chunk: Buffer, at: number): number {
    const had = this.#head.length;
    const head = Buffer.concat([this.#head, chunk.subarray(at, at + 10 - had)]);
    const short = (head[1] ?? 0) & 0x7f;
    const size = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (head.length < 2 || head.length < size) {
      this.#head = head;
      return chunk.length;
    }
    this.#head = Buffer.alloc(0);
    this.#opcode = (head[0] ?? 0) & 0x0f;
    this.#left =
      size === 2 ? short : size === 4 ? head.readUInt16BE(2) : Number(head.readBigUInt64BE(2));
    return at + size - had;
  }

  #done(): void {
    const parts = this.#parts;
    this.#parts = [];
    const { isRead, onFrame, onProblem } = this.#options;
    const text = () => Buffer.concat(parts).toString();
    if (this.#opcode === PING) this.send(text(), PONG);
    else if (this.#opcode === CLOSE) onProblem(`closed: ${text()}`);
    else onFrame(isRead ? text() : null);
  }
}
