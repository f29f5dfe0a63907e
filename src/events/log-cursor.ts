import { crc32 } from 'node:zlib';
import type { Database } from '../database/database.ts';
import type { Viewer } from '../database/viewer.ts';

/** A place in the event log, as it travels: bound to one database, one organization and one identity. */
export interface LogCursor {
  /** The database's log_epoch; a restore changes it. */
  epoch: string;
  organizationId: string;
  /** Everything up to and including this position is known to the holder. */
  position: number;
  /**
   * Which item, from 1 on, of the event after the position it came with; 0 or left out: with none. Only tells one
   * cursor from another: going on from any of them begins with that event anew.
   */
  part?: number;
  /** Whose eyes it was made for, see `identityOf`. */
  identity: string;
}

/**
 * What a presented cursor turned out to be. Only `VALID` may be resumed from; the others ask for a
 * fresh start (`OTHER_EPOCH`, `OTHER_IDENTITY`) or are refused (`OTHER_ORGANIZATION`, `MALFORMED`).
 */
export type CursorOutcome =
  | { kind: 'VALID'; cursor: LogCursor }
  | { kind: 'OTHER_EPOCH'; cursor: LogCursor }
  | { kind: 'OTHER_IDENTITY'; cursor: LogCursor }
  | { kind: 'OTHER_ORGANIZATION' }
  | { kind: 'MALFORMED' };

const VERSION = 1;
const HEADER_BYTES = 1 + 16 + 16 + 8;
const CHECK_BYTES = 4;
const MOST_PARTS = 255;
const POSITION_BITS = 2n ** 56n - 1n;
const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;

function uuidBytes(uuid: string): Buffer {
  if (!UUID.test(uuid)) throw new TypeError(`${uuid} is not a uuid`);
  return Buffer.from(uuid.replaceAll('-', ''), 'hex');
}

function uuidText(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function checksum(body: Buffer): Buffer {
  const check = Buffer.alloc(CHECK_BYTES);
  check.writeUInt32BE(crc32(body));
  return check;
}

/** The contents are no secret and give no rights: the check bytes only catch accidents. */
export function encodeLogCursor(cursor: LogCursor): string {
  const position = Buffer.alloc(8);
  position.writeBigUInt64BE(BigInt(cursor.position));
  position[0] = Math.min(cursor.part ?? 0, MOST_PARTS);
  const body = Buffer.concat([
    Buffer.from([VERSION]),
    uuidBytes(cursor.epoch),
    uuidBytes(cursor.organizationId),
    position,
    Buffer.from(cursor.identity, 'latin1'),
  ]);
  return Buffer.concat([body, checksum(body)]).toString('base64url');
}

/** Null unless `encodeLogCursor` made exactly this text. */
export function decodeLogCursor(text: string): LogCursor | null {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text) return null;
  if (bytes.length < HEADER_BYTES + CHECK_BYTES || bytes[0] !== VERSION) return null;
  const body = bytes.subarray(0, -CHECK_BYTES);
  if (!checksum(body).equals(bytes.subarray(-CHECK_BYTES))) return null;
  // A position leaves the first of its eight bytes free.
  const part = body.readUInt8(33);
  const position = body.readBigUInt64BE(33) & POSITION_BITS;
  if (position > BigInt(Number.MAX_SAFE_INTEGER)) return null;
  return {
    epoch: uuidText(body.subarray(1, 17)),
    organizationId: uuidText(body.subarray(17, 33)),
    position: Number(position),
    ...(part > 0 && { part }),
    identity: body.subarray(HEADER_BYTES).toString('latin1'),
  };
}

/** Two viewers with equal identities may hold each other's cursors; rights are checked again in any case. */
export function identityOf(viewer: Viewer): string {
  return viewer.kind === 'member' ? `member:${viewer.memberId}` : `display:${viewer.tokenId}`;
}

/** @param shared an identity that the viewer has in common with others, whose cursors will do too */
export function judgeLogCursor(
  text: string,
  viewer: Viewer,
  epoch: string,
  shared: string | null = null,
): CursorOutcome {
  const cursor = decodeLogCursor(text);
  if (!cursor) return { kind: 'MALFORMED' };
  if (cursor.organizationId !== viewer.organizationId) return { kind: 'OTHER_ORGANIZATION' };
  if (cursor.epoch !== epoch) return { kind: 'OTHER_EPOCH', cursor };
  const isOurs = cursor.identity === shared || cursor.identity === identityOf(viewer);
  if (!isOurs) return { kind: 'OTHER_IDENTITY', cursor };
  return { kind: 'VALID', cursor };
}

/**
 * The present end of the viewer's log. Read it before the rows of a list, without a transaction:
 * it is then a lower bound, and a stream from here repeats at most what the list already shows.
 */
export async function readLogCursor(db: Database, viewer: Viewer): Promise<string> {
  const { rows } = await db.pool.query<{ epoch: string; position: string }>({
    name: 'events_read_head',
    text: `select epoch, coalesce(
             (select position from log_head where organization_id = $1), 0) as position
           from log_epoch`,
    values: [viewer.organizationId],
  });
  const [head] = rows;
  if (!head) throw new Error('log_epoch is empty: the migrations have not run.');
  return encodeLogCursor({
    epoch: head.epoch,
    organizationId: viewer.organizationId,
    position: Number(head.position),
    identity: identityOf(viewer),
  });
}
