// What stands in schema/operations and in the README, as text.
import { readdirSync, readFileSync } from 'node:fs';
import { Kind, parse } from 'graphql';

const ROOT = new URL('../../', import.meta.url);

export function readText(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8');
}

export const sourceFiles = readdirSync(new URL('schema/operations/', ROOT))
  .filter((name) => name.endsWith('.graphql'))
  .map((name) => ({ name, text: readText(`schema/operations/${name}`) }));

export interface SourceOperation {
  name: string;
  /** Without the comment above it. */
  text: string;
}

export function operationsIn(text: string): SourceOperation[] {
  return parse(text).definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OPERATION_DEFINITION || !definition.name) return [];
    const { start = 0, end = 0 } = definition.loc ?? {};
    return [{ name: definition.name.value, text: text.slice(start, end) }];
  });
}

/** Equal for texts that differ in white space only. */
export function squeezed(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
