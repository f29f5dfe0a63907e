/** A global id is the base64url of `Type:uuid`. Opaque to clients; one form for every record. */
export interface GlobalId {
  typename: string;
  id: string;
}

const FORM = /^([A-Z]\w{0,60}):([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

export function encodeGlobalId(typename: string, id: string | number | bigint): string {
  return Buffer.from(`${typename}:${id}`).toString('base64url');
}

/** Null for anything that `encodeGlobalId` did not make, another spelling of the same bytes included. */
export function decodeGlobalId(text: string): GlobalId | null {
  if (text.length > 200) return null;
  const bytes = Buffer.from(text, 'base64url');
  const match = FORM.exec(bytes.toString('utf8'));
  if (!match || bytes.toString('base64url') !== text) return null;
  return { typename: match[1] ?? '', id: match[2] ?? '' };
}
