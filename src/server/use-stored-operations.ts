import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { usePersistedOperations } from '@graphql-yoga/plugin-persisted-operations';
import { Kind, parse, print } from 'graphql';
import type { Plugin } from 'graphql-yoga';

const FOLDER = new URL('../../schema/operations/', import.meta.url);

/** By the SHA-256 of their text as `print` of graphql-js gives it, in hexadecimal. */
function readOperations(): ReadonlyMap<string, string> {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.graphql'));
  const definitions = files.flatMap(
    (name) => parse(readFileSync(new URL(name, FOLDER), 'utf8')).definitions,
  );
  return new Map(
    definitions
      .filter(({ kind }) => kind === Kind.OPERATION_DEFINITION)
      .map((definition) => {
        const text = print(definition);
        return [createHash('sha256').update(text).digest('hex'), text];
      }),
  );
}

/**
 * The operations of schema/operations can be asked for by their hash in place of their text, as Apollo's clients do:
 * `extensions: { persistedQuery: { version: 1, sha256Hash } }`. An unknown hash is PersistedQueryNotFound, upon which
 * those send the text. Whoever sends no hash, or a text beside it, notices nothing of this.
 */
// biome-ignore lint/suspicious/noExplicitAny: as Yoga has it, a plugin for any context
export function useStoredOperations(): Plugin<any> {
  const operations = readOperations();
  const plugin = usePersistedOperations({
    allowArbitraryOperations: true,
    getPersistedOperation: (hash) => operations.get(hash) ?? null,
    customErrors: {
      notFound: {
        message: 'PersistedQueryNotFound',
        extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' },
      },
    },
  });
  return {
    ...plugin,
    // It refuses what has neither hash nor text; Yoga says that better.
    onParams: (payload) =>
      payload.params.extensions?.persistedQuery ? plugin.onParams?.(payload) : undefined,
  };
}
