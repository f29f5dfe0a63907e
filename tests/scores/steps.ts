import { fc } from '../support/properties.ts';

/** One thing that somebody does. The numbers say to whom, how much and when, of what there is at that time. */
export interface Step {
  does: Act;
  who: number;
  what: number;
  /** How many steps of six hours back; 0: now. */
  back: number;
  /** What passes before it, in hours. */
  after: number;
}

/** How often each act comes up. Most of them only do something once others have. */
const ACTS = {
  sell: 14,
  open: 4,
  win: 6,
  lose: 2,
  reopen: 5,
  restateAmount: 5,
  restateCredit: 6,
  restateProduct: 1,
  transfer: 3,
  archive: 2,
  archiveAsMistake: 2,
  call: 3,
  retract: 2,
  completeTask: 2,
  reopenTask: 1,
  attend: 4,
  createCustomer: 1,
  toggleCustomer: 1,
  correct: 4,
  moveMember: 6,
  moveTeam: 3,
  addMember: 1,
  addTeam: 1,
  deactivate: 1,
  closePeriod: 4,
  reopenPeriod: 2,
} as const;

export type Act = keyof typeof ACTS;

const act = fc.oneof(
  ...Object.entries(ACTS).map(([does, weight]) => ({
    weight,
    arbitrary: fc.constant(does as Act),
  })),
);

const step: fc.Arbitrary<Step> = fc.record({
  does: act,
  who: fc.nat(99),
  what: fc.nat(99),
  back: fc.oneof(
    { weight: 4, arbitrary: fc.constant(0) },
    { weight: 5, arbitrary: fc.nat(16) },
    { weight: 3, arbitrary: fc.nat(200) },
  ),
  after: fc.constantFrom(0.1, 0.1, 1, 6, 24, 60, 200),
});

/** Any number of them: a list that fails becomes shorter until every step counts. */
export const steps = (maxLength: number, minLength = 1): fc.Arbitrary<Step[]> =>
  fc.array(step, { minLength, maxLength, size: 'max' });

export const told = (all: readonly Step[]): string =>
  all.map((one) => `${one.does}(${one.who}, ${one.what}, ${one.back}, ${one.after})`).join('\n');
