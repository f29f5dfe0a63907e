import { GraphQLError, Kind } from 'graphql';
import { NamedError } from '../database/errors.ts';

/** Told in full of what a client only hears "Unexpected error." about. */
export type ReportError = (error: unknown, requestId: string | null) => void;

const passed = new WeakSet<object>();

function cause(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError ? cause(error.originalError) : error;
}

/** The code of an error that we made ourselves, for a client to read; null for everything unforeseen. */
function isOurs(error: GraphQLError): boolean {
  if (typeof error.extensions.code === 'string') return true;
  // graphql-js refuses a request before any field runs, or an argument where it stands. Its other errors without a
  // code tell of our own mistakes, such as a null in a field that is never null.
  return error.path === undefined || (error.nodes?.[0]?.kind ?? Kind.FIELD) !== Kind.FIELD;
}

/**
 * What a client may hear of a failure. NamedErrors and our own GraphQLErrors keep their message and
 * code; anything else becomes "Unexpected error." with INTERNAL_SERVER_ERROR and the request id, and
 * is reported. Masking twice changes nothing.
 */
export function maskError(
  error: unknown,
  requestId: string | null,
  report: ReportError,
): GraphQLError {
  if (error instanceof GraphQLError && passed.has(error)) return error;
  const masked = mask(error, requestId, report);
  passed.add(masked);
  return masked;
}

/** What stands behind an error that a client hears nothing of; null for those that it is told about. */
export function unforeseen(error: unknown): unknown {
  const origin = cause(error);
  const isTold =
    origin instanceof NamedError ||
    (error instanceof GraphQLError && origin instanceof GraphQLError && isOurs(error));
  return isTold ? null : origin;
}

function mask(error: unknown, requestId: string | null, report: ReportError): GraphQLError {
  const origin = cause(error);
  const { nodes, path, source, positions } = error instanceof GraphQLError ? error : {};
  const where = { nodes, path, source, positions };
  if (origin instanceof NamedError) {
    const extensions = {
      code: origin.code,
      ...(origin.inputPath && { argument: origin.inputPath }),
    };
    return new GraphQLError(origin.message, { ...where, extensions });
  }
  if (error instanceof GraphQLError && origin instanceof GraphQLError && isOurs(error)) {
    return error;
  }
  report(origin, requestId);
  return new GraphQLError('Unexpected error.', {
    ...where,
    extensions: {
      code: 'INTERNAL_SERVER_ERROR',
      ...(requestId && { requestId }),
      ...(path === undefined && { http: { status: 500 } }),
    },
  });
}
