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

/** How each aggregate is asked, so that all types below it are reached: by its time, and grouped by everything. */
const AGGREGATES: Record<string, { time: string; groupBy: object[] }> = {
  Customer: {
    time: 'CREATED_AT',
    groupBy: [
      { field: 'CREATED_AT', by: 'MONTH' },
      { field: 'EMPLOYEES', bands: ['10'] },
      { field: 'OWNER' },
    ],
  },
  Activity: {
    time: 'HAPPENED_AT',
    groupBy: [{ field: 'HAPPENED_AT', by: 'MONTH' }, { field: 'AUTHOR' }, { field: 'CUSTOMER' }],
  },
  StageChange: {
    time: 'ENTERED_AT',
    groupBy: [{ field: 'ENTERED_AT', by: 'MONTH' }, { field: 'OWNER' }, { field: 'STAGE' }],
  },
  Task: {
    time: 'CREATED_AT',
    groupBy: [{ field: 'CREATED_AT', by: 'MONTH' }, { field: 'ASSIGNEE' }, { field: 'CUSTOMER' }],
  },
  Meeting: {
    time: 'STARTS_AT',
    groupBy: [{ field: 'STARTS_AT', by: 'MONTH' }, { field: 'PARTICIPANT' }, { field: 'TEAM' }],
  },
  Score: {
    time: 'COUNTS_AT',
    groupBy: [
      { field: 'COUNTS_AT', by: 'MONTH' },
      { field: 'METRIC' },
      { field: 'MEMBER' },
      { field: 'TEAM' },
      { field: 'AMOUNT', bands: ['10'] },
    ],
  },
  Opportunity: {
    time: 'CREATED_AT',
    groupBy: [
      { field: 'CREATED_AT', by: 'MONTH' },
      { field: 'AMOUNT', bands: ['10'] },
      { field: 'OWNER' },
      { field: 'CUSTOMER' },
    ],
  },
};

for (const [name, { time, groupBy }] of Object.entries(AGGREGATES)) {
  const field = `Query.${name.charAt(0).toLowerCase()}${name.slice(1)}Aggregate`;
  const row = `${name}AggregateRow`;
  Object.assign(RECIPES, {
    [`${field}(period)`]: () => ({ between: { from: '2020-01-01', through: '2035-12-31' } }),
    [`${field}(periodOf)`]: () => time,
    [`${field}(groupBy)`]: () => groupBy,
    [`${row}.share(of)`]: () => 'COUNT',
    [`${row}.running(of)`]: () => 'COUNT',
    [`${row}.running(over)`]: () => time,
  });
}

/** What is not required, and given all the same: without it the call would not lead as far. */
export const isGiven = (name: string): boolean =>
  /^Query\.\w+Aggregate\((period|periodOf|compareTo|groupBy|having\.gt|orderBy\.measure)\)$/.test(
    name,
  );

/** In the order in which an administrator can call them all: what ends something comes after what needs it. */
export function inOrder(mutations: readonly string[]): string[] {
  const place = (name: string) =>
    LAST.includes(name) ? 2 + LAST.indexOf(name) : ENDING.test(name) ? 1 : 0;
  return [...mutations].sort((a, b) => place(a) - place(b));
}

const ENDING = /^(archive|cancel|complete|deactivate|delete|lose|remove|reset|retire|revoke|win)/;
const LAST = ['reactivateMember', 'signIn', 'changePassword', 'signOut'];
