import { GraphQLError, NoSchemaIntrospectionCustomRule } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** Where introspection is off, names are not given away either: no rule, no "Did you mean". */
export function useNoIntrospection(): Plugin {
  return {
    onValidate({ addValidationRule }) {
      addValidationRule(NoSchemaIntrospectionCustomRule);
      return ({ result, setResult }) => {
        if (result.length > 0) setResult(result.map(withoutSuggestion));
      };
    },
  };
}

function withoutSuggestion(error: unknown): unknown {
  if (!(error instanceof GraphQLError)) return error;
  const { message, nodes, source, positions, extensions } = error;
  const [plain = message] = message.split(/ Did you mean /);
  return plain === message
    ? error
    : new GraphQLError(plain, { nodes, source, positions, extensions });
}
