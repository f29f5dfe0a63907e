// What a call needs beyond the first valid value of each required type. By the name of a place.
import { PASSWORD } from '../support/seed.ts';
import type { Records } from './choose.ts';

type Recipe = (records: Records) => unknown;

let made = 0;
const next = (): number => {
  made += 1;
  return made;
};

export const RECIPES: Record<string, Recipe> = {
  'Mutation.changePassword(input.oldPassword)': () => PASSWORD,
  'Mutation.changePassword(input.newPassword)': () => 'staple battery correct horse',
  'Mutation.createFunnel(input.stages)': () => [
    { name: 'talking', kind: 'OPEN', probability: '0.5' },
    { name: 'signed', kind: 'WON' },
    { name: 'gone', kind: 'LOST' },
  ],
  'Mutation.defineMetric(input.definition.event)': () => 'opportunity.won',
  'Mutation.defineMetric(input.key)': () => `walked-${next()}`,
  'Mutation.closePeriod(input.through)': () => `2025-01-${10 + next()}`,
  'Mutation.signIn(input.organization)': ({ world }) => world.admin.key,
  'Mutation.signIn(input.employeeNumber)': ({ world }) => world.people.director.employeeNumber,
  'Mutation.signIn(input.password)': () => PASSWORD,
};

/** In the order in which an administrator can call them all: what ends something comes after what needs it. */
export function inOrder(mutations: readonly string[]): string[] {
  const place = (name: string) =>
    LAST.includes(name) ? 2 + LAST.indexOf(name) : ENDING.test(name) ? 1 : 0;
  return [...mutations].sort((a, b) => place(a) - place(b));
}

const ENDING = /^(archive|cancel|complete|deactivate|delete|lose|remove|reset|retire|revoke|win)/;
const LAST = ['reactivateMember', 'signIn', 'changePassword', 'signOut'];
