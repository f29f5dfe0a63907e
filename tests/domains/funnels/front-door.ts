import { encodeGlobalId } from '../../../src/api/global-ids.ts';
import type { TestApp } from '../../support/app.ts';
import type { Actor } from '../../support/seed.ts';

export const gid = encodeGlobalId;

export interface Outcome {
  __typename: string;
  code?: string;
  path?: string[] | null;
  opportunity?: { id: string; version: number; status: string } | null;
  funnel?: { id: string; version: number; stages: { id: string; name: string }[] };
  [field: string]: unknown;
}

/** Runs one mutation of this room; a refusal that is a top-level error comes as its code. */
export async function mutate(
  app: TestApp,
  actor: Actor,
  name: string,
  input: Record<string, unknown>,
): Promise<Outcome> {
  const type = name.charAt(0).toUpperCase() + name.slice(1);
  const record = name.endsWith('Funnel')
    ? 'funnel { id version name archived stages { id name kind probability requiredFields limitDays } }'
    : 'opportunity { id version status amount wonAmount closedAt stage { name } owner { id } }';
  const extra = /Funnel$/.test(name)
    ? ''
    : /^(transfer|archive)/.test(name)
      ? ''
      : '... on FieldsMissing { fields stage { name } }';
  const document = `mutation ($input: ${type}Input!) { ${name}(input: $input) {
    __typename
    ... on ${type}Payload { ${record} }
    ... on UserError { code path message }
    ... on Conflict { currentVersion current { id } }
    ... on WrongState { state }
    ${extra}
  } }`;
  const answer = await app.query<Record<string, Outcome>>(
    document,
    { input },
    { token: actor.token },
  );
  const code = answer.errors[0]?.extensions.code;
  if (code === 'FORBIDDEN') return { __typename: 'FORBIDDEN' };
  const outcome = answer.data?.[name];
  if (!outcome) throw new Error(`${name} answered ${answer.body}`);
  return outcome;
}

export const STAGES = [
  { name: '了解', kind: 'OPEN', probability: '0.1' },
  { name: '谈判', kind: 'OPEN', probability: '0.6', limitDays: 10 },
  { name: '赢单', kind: 'WON' },
  { name: '输单', kind: 'LOST' },
];
