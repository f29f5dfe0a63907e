// Everything in the schema that a caller may fill in: each argument and input field, at any depth.
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLSchema,
  GraphQLString,
  getNamedType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { isGiven } from './recipes.ts';

/** What stands in a place matters to isolation when it can point at somebody's records. */
export type PlaceKind = 'id' | 'logCursor' | 'pageCursor' | 'text' | 'other';

export interface Place {
  /** `Mutation.createTask` or `Leaderboard.standings`. */
  field: string;
  /** From the argument on: `['input', 'checklist', 'id']`. */
  path: readonly string[];
  kind: PlaceKind;
  /** Of an id: the types whose ids are taken; empty: those of every type. */
  types: readonly string[];
  type: GraphQLInputType;
}

export const nameOf = ({ field, path }: Pick<Place, 'field' | 'path'>): string =>
  `${field}(${path.join('.')})`;

/** For calls in which no place is tried. */
export const NOWHERE: Place = {
  field: '',
  path: ['-'],
  kind: 'other',
  types: [],
  type: GraphQLString,
};

type Given = GraphQLArgument | GraphQLInputField;

const isPageCursor = (name: string) => name === 'after' || name === 'before';

function kindOf(name: string, type: GraphQLInputType): PlaceKind {
  const named = getNamedType(type).name;
  if (named === 'ID') return 'id';
  if (named === 'Cursor') return 'logCursor';
  // The names of zones are everybody's, and which there are no secret.
  if (name === 'timeZone') return 'other';
  if (named === 'String') return isPageCursor(name) ? 'pageCursor' : 'text';
  return 'other';
}

const typesOf = ({ extensions }: Given): readonly string[] =>
  (extensions.recordIds as { types: readonly string[] } | undefined)?.types ?? [];

/** Every place of a field that is no object itself. An input type that holds itself is gone into once. */
export function placesOf(field: string, { args }: GraphQLField<unknown, unknown>): Place[] {
  const from = (given: Given, path: readonly string[], within: readonly string[]): Place[] => {
    const here = [...path, given.name];
    const named = getNamedType(given.type);
    if (!isInputObjectType(named)) {
      const { name, type } = given;
      return [{ field, path: here, kind: kindOf(name, type), types: typesOf(given), type }];
    }
    if (within.includes(named.name)) return [];
    return Object.values(named.getFields()).flatMap((inner) =>
      from(inner, here, [...within, named.name]),
    );
  };
  return args.flatMap((arg) => from(arg, [], []));
}

/** All fields of the schema that take arguments, with their places. */
export function fieldsWithPlaces(
  schema: GraphQLSchema,
): { parent: string; field: string; places: Place[] }[] {
  return Object.values(schema.getTypeMap()).flatMap((type) =>
    isObjectType(type) && !type.name.startsWith('__')
      ? Object.values(type.getFields())
          .filter(({ args }) => args.length > 0)
          .map((field) => ({
            parent: type.name,
            field: field.name,
            places: placesOf(`${type.name}.${field.name}`, field),
          }))
      : [],
  );
}

/** A valid value for a place that has to be filled in; undefined for an object that its own fields are chosen for. */
export type Choose = (place: Place) => unknown;

export interface Filled {
  place: Place;
  value: unknown;
}

/**
 * Arguments with which the field can be called: what is required, and the one value that is to be tried, with the
 * objects around it.
 */
export function argumentsFor(
  field: string,
  { args }: GraphQLField<unknown, unknown>,
  choose: Choose,
  filled: Filled | null = null,
): Record<string, unknown> {
  const fill = (given: readonly Given[], path: readonly string[], isOneOf: boolean) => {
    const values: Record<string, unknown> = {};
    for (const one of given) {
      const here = [...path, one.name];
      const isTried = filled !== null && startsWith(filled.place.path, here);
      const isRequired = isNonNullType(one.type) && one.defaultValue === undefined;
      const isKept = isRequired || isGiven(nameOf({ field, path: here }));
      if (!isTried && (isOneOf || !isKept)) continue;
      values[one.name] = valueFor(one, here, isTried);
    }
    return values;
  };
  const valueFor = (given: Given, path: readonly string[], isTried: boolean): unknown => {
    const named = getNamedType(given.type);
    if (isTried && filled?.place.path.length === path.length)
      return listed(given.type, filled.value);
    const place = { field, path, kind: kindOf(given.name, given.type), types: typesOf(given) };
    if (isInputObjectType(named)) {
      const whole = isTried ? undefined : choose({ ...place, type: given.type });
      if (whole !== undefined) return listed(given.type, whole);
      const inner = fill(Object.values(named.getFields()), path, named.isOneOf);
      if (named.isOneOf && Object.keys(inner).length === 0) {
        const [first] = Object.values(named.getFields());
        if (first) inner[first.name] = valueFor(first, [...path, first.name], false);
      }
      return listed(given.type, inner);
    }
    return listed(given.type, choose({ ...place, type: given.type }));
  };
  return fill(args, [], false);
}

const startsWith = (path: readonly string[], start: readonly string[]) =>
  start.every((name, index) => path[index] === name);

/** In a list, if the type is one. */
function listed(type: GraphQLInputType, value: unknown): unknown {
  const bare = isNonNullType(type) ? type.ofType : type;
  return isListType(bare) && !Array.isArray(value) ? [value] : value;
}
