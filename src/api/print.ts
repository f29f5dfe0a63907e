import {
  type DirectiveNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  Kind,
  lexicographicSortSchema,
  parse,
  print,
  printSchema,
  visit,
} from 'graphql';

/** The schema as text: sorted, with descriptions, and with `@auth` where rights are asked for. */
export function printWithAuth(schema: GraphQLSchema): string {
  const document = parse(printSchema(lexicographicSortSchema(schema)), { noLocation: true });
  let parent: GraphQLNamedType | undefined;
  const printed = visit(document, {
    ObjectTypeDefinition: {
      enter: (node) => {
        parent = schema.getType(node.name.value);
        return { ...node, directives: authOf(parent?.extensions) };
      },
    },
    InterfaceTypeDefinition: {
      enter: (node) => {
        parent = schema.getType(node.name.value);
      },
    },
    FieldDefinition: (node) => {
      const field =
        isObjectType(parent) || isInterfaceType(parent)
          ? parent.getFields()[node.name.value]
          : undefined;
      const auth = authOf(field?.extensions);
      return auth.length > 0
        ? { ...node, directives: [...(node.directives ?? []), ...auth] }
        : node;
    },
  });
  return `${print(printed)}\n`;
}

function authOf(extensions: Readonly<Record<string, unknown>> | undefined): DirectiveNode[] {
  const requires = extensions?.auth;
  if (!Array.isArray(requires)) return [];
  return [
    {
      kind: Kind.DIRECTIVE,
      name: { kind: Kind.NAME, value: 'auth' },
      arguments: [
        {
          kind: Kind.ARGUMENT,
          name: { kind: Kind.NAME, value: 'requires' },
          value: {
            kind: Kind.LIST,
            values: requires.map((scope) => ({ kind: Kind.ENUM, value: String(scope) })),
          },
        },
      ],
    },
  ];
}
