import type { TestApp } from './app.ts';

export interface Result {
  __typename: string;
  code?: string;
  path?: string[] | null;
  [field: string]: unknown;
}

export const globalId = (type: string, id: string): string =>
  Buffer.from(`${type}:${id}`).toString('base64url');

/** Calls a mutation and gives its payload or named error; a refusal of rights comes as its code. */
export async function mutate(
  app: TestApp,
  actor: { token: string },
  name: string,
  input: object,
  fields = '',
): Promise<Result> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const document = `mutation ($input: ${type}Input!) { ${name}(input: $input) {
    __typename ... on ${type}Payload { __typename ${fields} } ... on UserError { code message path } } }`;
  const { data, errors } = await app.query<Record<string, Result>>(document, { input }, actor);
  const code = errors[0]?.extensions.code;
  return data?.[name] ?? { __typename: 'Refused', code: String(code), message: errors[0]?.message };
}
