import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

const JSON_TYPES = new Set(['application/json', 'application/graphql+json']);

function refuse(status: number, code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status } } });
}

/**
 * Takes POST bodies as JSON in UTF-8 only. The content types that a foreign page's form may send
 * without asking first (urlencoded, multipart, plain text) never reach the schema; GET is for
 * queries, which Yoga sees to.
 */
export function useJsonOnly(): Plugin {
  return {
    onRequestParse({ request }) {
      if (request.method !== 'POST') return;
      const [type = '', ...parameters] = (request.headers.get('content-type') ?? '')
        .toLowerCase()
        .split(';')
        .map((part) => part.trim());
      if (!JSON_TYPES.has(type)) {
        throw refuse(
          415,
          'UNSUPPORTED_MEDIA_TYPE',
          'Send the request as JSON, with the header "Content-Type: application/json".',
        );
      }
      const charset = parameters.find((parameter) => parameter.startsWith('charset='));
      const isUtf8 = !charset || /^charset="?utf-?8"?$/.test(charset);
      const encoding = request.headers.get('content-encoding') ?? 'identity';
      if (!isUtf8 || encoding !== 'identity') {
        throw refuse(
          415,
          'UNSUPPORTED_MEDIA_TYPE',
          'Send the body in UTF-8, without a content encoding.',
        );
      }
    },
  };
}
