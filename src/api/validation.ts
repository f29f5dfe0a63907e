import { InvalidInput } from '../database/errors.ts';

interface Failure {
  issues: readonly {
    message: string;
    path?: readonly (PropertyKey | { key: PropertyKey })[] | undefined;
  }[];
}

/** What `validate` (zod) on a field or input refuses is the named error InvalidInput; the first issue gives its path. */
export function toInvalidInput({ issues }: Failure): InvalidInput {
  const paths = issues.map((issue) =>
    (issue.path ?? []).map((step) => String(typeof step === 'object' ? step.key : step)),
  );
  const message = issues
    .map((issue, index) => `${paths[index]?.join('.') || 'input'}: ${issue.message}`)
    .join('; ');
  return new InvalidInput(message, { path: paths[0] ?? null });
}
