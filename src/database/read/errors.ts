/**
 * Thrown when the arguments of a read say what the reader does not know, or say `undefined`: nothing is ignored, as
 * what is left out of a condition means "any row". A mistake of the developer's.
 */
export class UnreadableArguments extends Error {
  override name = 'UnreadableArguments';
}

/** The entries of a part of the arguments. Throws UnreadableArguments for what is no plain object, and for `undefined`. */
export function entriesOf(value: unknown, path: string): [string, unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UnreadableArguments(`${path} is no object`);
  }
  const entries = Object.entries(value);
  for (const [key, inner] of entries) {
    if (inner === undefined) throw new UnreadableArguments(`${path}.${key} is undefined`);
  }
  return entries;
}
