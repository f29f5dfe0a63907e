// What somebody must get for an operation, from what an administrator gets for it: without the records that are not
// there for him, and without anything that tells of them.
import { decodeGlobalId } from '../../src/api/global-ids.ts';

export interface Sight {
  /** Whether a record is there. */
  sees(type: string, id: string): boolean;
  /** Whether a field of a record that is there is shown, `Member.hiredOn`. */
  seesField(field: string, id: string): boolean;
}
type Data = Record<string, unknown>;

const isObject = (value: unknown): value is Data => value !== null && typeof value === 'object';

/** The record that an object stands for; null when it is none, or may not be seen. */
function isHidden(value: unknown, sight: Sight): boolean {
  if (!isObject(value) || typeof value.id !== 'string') return false;
  const id = decodeGlobalId(value.id);
  return id !== null && id.typename === value.__typename && !sight.sees(id.typename, id.id);
}

/** Cursors are bound to who holds them, and what still lasts grows between two calls. */
const NOT_COMPARED = new Set(['position', 'cursor', 'startCursor', 'endCursor', 'seconds']);

export function prune(value: unknown, sight: Sight): unknown {
  if (isHidden(value, sight)) return null;
  if (Array.isArray(value)) {
    // `nodes(ids:)` leaves a null in the place of what is not there.
    const shown = value.filter((item) => item !== null && !isHidden(item, sight));
    return shown.map((item) => prune(item, sight));
  }
  if (!isObject(value)) return value;
  if (Array.isArray(value.edges) && isObject(value.pageInfo)) return pruneConnection(value, sight);
  return pruneFields(value, sight);
}

function pruneFields(value: Data, sight: Sight): Data {
  const { __typename: type, id } = value;
  const uuid = decodeGlobalId(String(id))?.id;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !NOT_COMPARED.has(key))
      .map(([key, inner]) => {
        const field = `${type}.${key.replace(/^.*__/, '')}`;
        const isShown = uuid === undefined || sight.seesField(field, uuid);
        return [key, isShown ? prune(inner, sight) : null];
      }),
  );
}

function pruneConnection(connection: Data, sight: Sight): Data {
  const edges = (connection.edges as Data[]).filter(({ node }) => !isHidden(node, sight));
  const nodes = (connection.nodes as unknown[]).filter((node) => !isHidden(node, sight));
  const pruned = pruneFields({ ...connection, edges, nodes }, sight);
  const hidden = (connection.nodes as unknown[]).length - nodes.length;
  return { ...pruned, totalCount: Number(connection.totalCount) - hidden };
}

/** Where two pruned answers differ, one line each. */
export function differences(expected: unknown, actual: unknown, path = ''): string[] {
  if (isObject(expected) && isObject(actual)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return [...keys].flatMap((key) => differences(expected[key], actual[key], `${path}.${key}`));
  }
  if (expected === actual) return [];
  const [wanted, got] = [expected, actual].map((value) => JSON.stringify(value)?.slice(0, 200));
  return [`${path} is ${got}, and should be ${wanted}`];
}
