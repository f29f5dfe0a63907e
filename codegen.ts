// `npm run codegen`: types of every operation in schema/operations/, for TypeScript clients.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { codegen } from '@graphql-codegen/core';
import * as typedDocumentNode from '@graphql-codegen/typed-document-node';
import * as typescriptOperations from '@graphql-codegen/typescript-operations';
import { type DocumentNode, GraphQLError, parse, validate } from 'graphql';
import { schema } from './src/schema.ts';

const OPERATIONS = fileURLToPath(new URL('./schema/operations/', import.meta.url));
const OUTPUT = fileURLToPath(new URL('./src/generated/operations.ts', import.meta.url));

interface Source {
  location: string;
  document: DocumentNode;
}

function readOperations(): Source[] {
  const files = existsSync(OPERATIONS) ? readdirSync(OPERATIONS) : [];
  return files
    .filter((file) => file.endsWith('.graphql'))
    .sort()
    .map((file) => {
      const location = path.join(OPERATIONS, file);
      return { location, document: parse(readFileSync(location, 'utf8')) };
    });
}

function check(sources: Source[]): void {
  for (const { location, document } of sources) {
    for (const error of validate(schema, document)) {
      const where = error.locations?.[0];
      throw new GraphQLError(`${path.basename(location)}:${where?.line ?? 0}: ${error.message}`);
    }
  }
}

async function generate(): Promise<string> {
  const sources = readOperations();
  check(sources);
  return codegen({
    filename: OUTPUT,
    schema: parse('type Query { unused: Int }'),
    schemaAst: schema,
    documents: sources,
    config: {
      useTypeImports: true,
      enumsAsTypes: true,
      strictScalars: true,
      defaultScalarType: 'unknown',
      scalars: {
        ID: 'string',
        Decimal: 'string',
        DateTime: 'string',
        Date: 'string',
        Cursor: 'string',
      },
    },
    plugins: [{ operations: {} }, { documents: {} }],
    pluginMap: {
      operations: typescriptOperations,
      documents: typedDocumentNode,
    },
  });
}

try {
  const code = await generate();
  mkdirSync(path.dirname(OUTPUT), { recursive: true });
  writeFileSync(OUTPUT, code);
  process.stdout.write(`Wrote ${path.relative(process.cwd(), OUTPUT)}.\n`);
} catch (error) {
  process.stderr.write(`${error instanceof GraphQLError ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
