// Compares what is said to a value that points at somebody else's record with what is said to one that points nowhere.
import type { GraphQLSchema } from 'graphql';
import type { Answer } from '../support/client.ts';
import { type Caller, comparable, everythingIn, type Refusal, refusalsIn } from './caller.ts';
import { nameOf, type Place } from './places.ts';
import type { Secrets } from './secrets.ts';
import { type Spot, tryBoth } from './trying.ts';

/** Whether an answer comes from the place in question, and not from something before it. */
export type Counts = (refusals: readonly Refusal[], place: Place) => boolean;

/** The one refusal of the answer names the place. */
export const isRefusedThere: Counts = ([refusal, ...more], place) =>
  refusal !== undefined &&
  more.length === 0 &&
  ['NOT_FOUND', 'INVALID_INPUT'].includes(refusal.code) &&
  standsAt(place, refusal);

/** It is answered, or all its refusals name the place. */
export const isAnswered: Counts = (refusals, place) =>
  refusals.every(
    (refusal) => ['NOT_FOUND', 'INVALID_INPUT'].includes(refusal.code) && standsAt(place, refusal),
  );

/** It is refused, for whatever reason. */
export const isRefused: Counts = (refusals) =>
  refusals.length > 0 &&
  refusals.every(({ code }) =>
    ['NOT_FOUND', 'INVALID_INPUT', 'NOT_ALLOWED', 'FORBIDDEN'].includes(code),
  );

export const standsAt = (place: Place, { path }: Refusal): boolean =>
  path === null || path.join('.') === place.path.join('.');

export interface Probe {
  schema: GraphQLSchema;
  caller: Caller;
  counts: Counts;
  /** What no answer may hold. */
  secrets?: Secrets;
}

type Value = string | readonly string[];

/** What is wrong with the answer to `value`: another than to `nothing`, or telling; empty when all is well. */
export async function wrongWith(
  { schema, caller, counts, secrets }: Probe,
  spot: Spot,
  value: Value,
  nothing: Value,
): Promise<string[]> {
  const since = new Date();
  const name = nameOf(spot.place);
  const tried = await tryBoth(schema, caller, spot, [value, nothing], (answer) =>
    counts(refusalsIn(answer), spot.place),
  );
  if ('refused' in tried) {
    return [
      `${name} is not answered as it should be: ${said(tried.refused) || 'no record leads there'}`,
    ];
  }
  const { one, other } = tried;
  const revealed = secrets?.revealedBy(everythingIn(one.answer), one.operation.variables) ?? [];
  const answers = [
    JSON.stringify(comparable(one.answer, [value].flat(), since)),
    JSON.stringify(comparable(other.answer, [nothing].flat(), since)),
  ];
  return [
    ...(revealed.length > 0 ? [`${name} reveals ${revealed.join(', ')}`] : []),
    ...(answers[0] === answers[1] ? [] : [`${name}: ${answers[0]} is not ${answers[1]}`]),
  ];
}

function said(answers: readonly Answer[]): string {
  const all = answers.flatMap((answer) => {
    const refusals = refusalsIn(answer);
    return refusals.length > 0
      ? refusals.map(({ code, message, path }) => `${code} at ${path}: ${message}`)
      : [`it succeeded: ${answer.body.slice(0, 200)}`];
  });
  return [...new Set(all)].join('; ');
}

/** Letters and digits where `text` has some, so that it fits as well and stands nowhere. */
export const unlike = (text: string): string =>
  text.replace(/[0-9]/g, (digit) => String(9 - Number(digit))).replace(/[\p{L}]/gu, 'q');
