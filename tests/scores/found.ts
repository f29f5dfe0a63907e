import type { Act, Step } from './steps.ts';

const step = (does: Act, who = 0, what = 0, back = 0, after = 24): Step => ({
  ...{ does, who, what, back, after },
});

/** What was once wrong, in the fewest steps: see `company.ts` for who is who, and where. */
export const FOUND: Record<string, readonly Step[]> = {
  'a team that is a root for part of a period': [
    step('sell'),
    step('moveTeam', 0, 1),
    step('sell'),
  ],
  'a team that was made after a period': [step('sell'), step('addTeam', 0, 0, 0, 400)],
  'a team that was under another after somebody had left it': [
    step('moveMember', 2, 4),
    step('moveTeam', 3, 1),
  ],
  'somebody who is out of scope because the team is': [step('sell'), step('moveTeam', 2, 1)],
  'a correction after its member had left the company': [
    step('deactivate'),
    step('correct', 0, 0, 0, 900),
  ],
  'a correction that counts when the team was elsewhere': [
    step('sell', 0, 0, 12),
    step('moveTeam', 0, 1),
    step('closePeriod', 0, 0, 0, 600),
    step('closePeriod', 0, 0, 8, 200),
    step('restateAmount', 2),
  ],
  'credit that goes on after its period was closed': [
    step('sell', 0, 0, 12),
    step('closePeriod', 0, 0, 4),
    step('restateCredit', 1),
    step('restateCredit', 2),
    step('sell', 3, 0),
    step('reopenPeriod', 0, 0),
    step('restateCredit', 0),
  ],
};
