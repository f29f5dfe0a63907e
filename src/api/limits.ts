import { GraphQLError } from 'graphql';
import type { Measure } from './measure.ts';

/** How large an operation may be; each can be set. */
export interface QueryLimits {
  /** Lexical tokens of the document. */
  tokens: number;
  /** Levels of fields, counted through fragments. */
  depth: number;
  /** Aliases, counted through fragments. */
  aliases: number;
  /** Objects that the answer may hold in the worst case: each field with the sizes of the lists it stands in. */
  cost: number;
}

/** Below `__schema` and `__type`, where introspection is on: what the usual tools ask for, and little more. */
const INTROSPECTION_DEPTH = 20;
/** No tool needs any, and each of them is some hundred thousand objects more. */
const INTROSPECTION_ALIASES = 2;

function refusal(code: string, message: string, limit: number, actual: number): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code, limit, actual, http: { spec: true, status: 400 } },
  });
}

export function tooLong(limit: number): GraphQLError {
  return new GraphQLError(
    `The query is too long: more than ${limit} tokens. Send it in parts, or use fragments for what repeats.`,
    { extensions: { code: 'QUERY_TOO_LONG', limit, http: { spec: true, status: 400 } } },
  );
}

/** The first limit that the operation breaks, or null. */
export function brokenLimit(measure: Measure, limits: QueryLimits): GraphQLError | null {
  const { depth, introspectionDepth, introspectionAliases, aliases, cost } = measure;
  if (depth > limits.depth) {
    return refusal(
      'QUERY_TOO_DEEP',
      `The query is ${depth} levels deep; ${limits.depth} are allowed.`,
      limits.depth,
      depth,
    );
  }
  if (introspectionDepth > INTROSPECTION_DEPTH) {
    return refusal(
      'QUERY_TOO_DEEP',
      `The introspection is ${introspectionDepth} levels deep; ${INTROSPECTION_DEPTH} are allowed.`,
      INTROSPECTION_DEPTH,
      introspectionDepth,
    );
  }
  if (introspectionAliases > INTROSPECTION_ALIASES) {
    return refusal(
      'TOO_MANY_ALIASES',
      `The introspection has ${introspectionAliases} aliases; ${INTROSPECTION_ALIASES} are allowed.`,
      INTROSPECTION_ALIASES,
      introspectionAliases,
    );
  }
  if (aliases > limits.aliases) {
    return refusal(
      'TOO_MANY_ALIASES',
      `The query has ${aliases} aliases; ${limits.aliases} are allowed.`,
      limits.aliases,
      aliases,
    );
  }
  if (cost > limits.cost) {
    return refusal(
      'QUERY_TOO_COSTLY',
      `The query costs ${cost}; ${limits.cost} are allowed. The cost is how many objects the answer may hold: ask for smaller pages or fewer nested lists.`,
      limits.cost,
      cost,
    );
  }
  return null;
}
