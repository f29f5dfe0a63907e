import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** What a WebSocket frame may say that no proper client would. */
export interface FrameOptions {
  opcode?: number;
  /** Whether it is the last one of its message. */
  fin?: boolean;
  masked?: boolean;
  reserved?: boolean;
}

/** A frame as a client sends it. */
export function frame(payload: string | Buffer, options: FrameOptions = {}): Buffer {
  const { opcode = 1, fin = true, masked = true, reserved = false } = options;
  const body = Buffer.from(payload);
  const head = [(fin ? 0x80 : 0) | (reserved ? 0x40 : 0) | opcode];
  const mark = masked ? 0x80 : 0;
  if (body.length < 126) head.push(mark | body.length);
  else if (body.length < 65_536) head.push(mark | 126, body.length >> 8, body.length & 255);
  else {
    const length = Buffer.alloc(8);
    length.writeBigUInt64BE(BigInt(body.length));
    head.push(mark | 127, ...length);
  }
  if (!masked) return Buffer.concat([Buffer.from(head), body]);
  const mask = randomBytes(4);
  for (const [at, byte] of body.entries()) body[at] = byte ^ (mask[at % 4] ?? 0);
  return Buffer.concat([Buffer.from(head), mask, body]);
}

/** A WebSocket down to its bytes, so that a test can send what no library would. */
export interface TcpSocket {
  readonly tcp: Socket;
  /** Texts that came, in order. */
  readonly texts: string[];
  /** Resolves when the connection is over, to the code of the server's close frame; 1006: it sent none. */
  readonly closed: Promise<number>;
  write(bytes: Buffer | string): void;
  /** A text message in one frame. */
  say(message: object): void;
}

/** @param url of GraphQL, by HTTP. It answers no ping, and the server's goodbye only when it is polite. */
export async function tcpSocket(url: string, isPolite = true): Promise<TcpSocket> {
  const { hostname, port, host } = new URL(url);
  const tcp = connect(Number(port), hostname);
  tcp.on('error', () => {});
  await once(tcp, 'connect');
  tcp.write(
    `GET /graphql HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n` +
      'Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n',
  );
  const texts: string[] = [];
  let code = 1006;
  let came: Buffer = Buffer.alloc(0);
  let isUpgraded = false;
  const upgraded = Promise.withResolvers<void>();
  tcp.on('data', (bytes) => {
    came = Buffer.concat([came, bytes]);
    if (!isUpgraded) {
      const end = came.indexOf('\r\n\r\n');
      if (end === -1) return;
      came = came.subarray(end + 4);
      isUpgraded = true;
      upgraded.resolve();
    }
    for (let next = take(came); next; next = take(came)) {
      came = next.rest;
      if (next.opcode === 1) texts.push(next.body.toString());
      if (next.opcode !== 8) continue;
      code = next.body.readUInt16BE(0);
      if (isPolite) tcp.end(frame(next.body, { opcode: 8 }));
    }
  });
  const closed = new Promise<number>((resolve) => tcp.once('close', () => resolve(code)));
  await Promise.race([upgraded.promise, closed]);
  const write = (bytes: Buffer | string) => {
    if (tcp.writable) tcp.write(bytes);
  };
  return { tcp, texts, closed, write, say: (message) => write(frame(JSON.stringify(message))) };
}

/** The first whole frame of what came. */
function take(bytes: Buffer): { opcode: number; body: Buffer; rest: Buffer } | null {
  if (bytes.length < 2) return null;
  const short = (bytes[1] ?? 0) & 127;
  const headLength = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < headLength) return null;
  const length =
    short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  const end = headLength + length;
  if (bytes.length < end) return null;
  return {
    opcode: (bytes[0] ?? 0) & 15,
    body: bytes.subarray(headLength, end),
    rest: bytes.subarray(end),
  };
}
