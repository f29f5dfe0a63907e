import { builder } from '../../../api/builder.ts';
import { type Context, viewerOf } from '../../../api/context.ts';
import { encodeGlobalId } from '../../../api/global-ids.ts';
import { derivedId } from '../../../database/ids.ts';
import { Member, Team } from '../../people/graphql/types.ts';
import type { Board } from '../board.ts';
import { masked, showsName } from '../view.ts';

export interface NamedContestant {
  contestantId: string;
  type: 'Member' | 'Team' | 'MaskedContestant';
  displayedName: string;
}

/** The condition under which names depend on who asks: a board that masks all but one's own. Displays have none. */
export const MASKS_NAMES = 'leaderboard masks names';
export const SHOWN_NAMES = { on: 'member', when: MASKS_NAMES } as const;

/** What a viewer gets who may watch a board but not read the people on it. */
export const ContestantName = builder.objectRef<NamedContestant>('ContestantName').implement({
  description:
    'A contestant by name only: on a display, and where the leaderboard masks names. Its name may be masked.',
  // As its parent made it.
  fieldsDependOn: { organization: ['contestantId', 'name'] },
  fields: (t) => ({
    contestantId: t.field({
      type: 'ID',
      description:
        'The same in every update. The global id of the member or team; where names are masked, one that leads nowhere.',
      resolve: ({ type, contestantId }) => encodeGlobalId(type, contestantId),
    }),
    name: t.exposeString('displayedName', { description: 'As it is shown on this leaderboard.' }),
  }),
});

export const Contestant = builder.unionType('Contestant', {
  description: 'Who stands on a leaderboard: a member, a team, or a name alone.',
  types: [Member, Team, ContestantName],
  resolveType: (value) => {
    if ('displayedName' in value) return 'ContestantName';
    return 'employeeNumber' in value ? 'Member' : 'Team';
  },
});

/** The name as this viewer may see it. */
export function nameFor(
  ctx: Context,
  board: Board,
  names: ReadonlyMap<string, string>,
  id: string,
): string {
  const name = names.get(id) ?? '';
  return showsName(board, viewerOf(ctx), id) ? name : masked(name);
}

/** The member or team itself for whoever may read it; else a name. */
export async function contestantFor(
  ctx: Context,
  board: Board,
  names: ReadonlyMap<string, string>,
  id: string,
) {
  const viewer = viewerOf(ctx);
  if (!showsName(board, viewer, id)) {
    const contestantId = derivedId('contestant', board.id, id);
    return {
      contestantId,
      type: 'MaskedContestant',
      displayedName: nameFor(ctx, board, names, id),
    } as const;
  }
  const type = board.contestants === 'MEMBERS' ? 'Member' : 'Team';
  if (viewer.kind === 'member') {
    const record = type === 'Member' ? await ctx.load('Member', id) : await ctx.load('Team', id);
    if (record) return record;
  }
  return { contestantId: id, type, displayedName: nameFor(ctx, board, names, id) } as const;
}
