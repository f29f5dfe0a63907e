import { builder } from '../../../api/builder.ts';

export const Role = builder.enumType('Role', {
  description: 'What a member may do.',
  values: {
    ADMIN: {
      description: 'Everything in the organization: settings, teams, members, metrics, boards.',
    },
    MANAGER: {
      description: 'Leads: assigns and transfers within the data scope, sets targets there.',
    },
    MEMBER: { description: 'Works on the records within the data scope.' },
  } as const,
});

export const DataScope = builder.enumType('DataScope', {
  description:
    "Whose records a member sees: in lists, single reads, aggregates, boards' entries and live events alike.",
  values: {
    OWN: { description: 'Only the own ones.' },
    TEAM: { description: 'Those of the own team, and of the teams that the member leads.' },
    TEAM_TREE: { description: 'Those of the own and led teams and of all teams below them.' },
    ORGANIZATION: { description: 'Those of everybody.' },
  } as const,
});
