import { builder } from '../../../api/builder.ts';
import { connectionObject } from '../../../api/connection-object.ts';
import { encodeGlobalId } from '../../../api/global-ids.ts';
import type { EntryRow } from '../../../metrics/entries.ts';
import { Member } from '../../people/graphql/types.ts';

export const ScoreEntry = builder.objectRef<EntryRow>('ScoreEntry').implement({
  description:
    'One entry of the score ledger. Entries are never edited: what was wrong is reversed by another.',
  fields: (t) => ({
    id: t.id({
      description: 'The same for the same entry, always.',
      resolve: (entry) =>
        encodeGlobalId('ScoreEntry', refOf(entry.versionId, entry.position, entry.ordinal)),
    }),
    member: t.field({
      type: Member,
      nullable: true,
      description: 'Whose score it is.',
      resolve: (entry, _args, ctx) => ctx.load('Member', entry.memberId),
    }),
    amount: t.field({
      type: 'Decimal',
      description: 'In the unit of the metric, with its sign.',
      resolve: (entry) => entry.amount,
    }),
    worth: t.field({
      type: 'Decimal',
      description:
        'What it adds to the score of this leaderboard: the amount times the weight, or in percent of the target.',
      resolve: (entry) => entry.worth,
    }),
    countsAt: t.field({
      type: 'DateTime',
      description: 'The moment that says whose period it belongs to.',
      resolve: (entry) => entry.countsAt,
    }),
    originallyAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Where it would have counted, had that period not been closed; else null.',
      resolve: (entry) => entry.originallyAt,
    }),
    recordedAt: t.field({
      type: 'DateTime',
      description: 'When it was learned.',
      resolve: (entry) => entry.recordedAt,
    }),
    reverses: t.id({
      nullable: true,
      description: 'Id of the entry that it takes back, in whole or in part.',
      resolve: ({ versionId, reversesPosition, reversesOrdinal }) =>
        reversesPosition === null || reversesOrdinal === null
          ? null
          : encodeGlobalId('ScoreEntry', refOf(versionId, reversesPosition, reversesOrdinal)),
    }),
    event: t.string({
      description: 'The type of the event that caused it: opportunity.won.',
      resolve: (entry) => entry.eventType,
    }),
    record: t.id({
      description: 'Global id of the record that it happened to.',
      resolve: (entry) => encodeGlobalId(entry.recordType, entry.recordId),
    }),
    occurredAt: t.field({
      type: 'DateTime',
      description: 'When the event happened.',
      resolve: (entry) => entry.occurredAt,
    }),
    actor: t.field({
      type: Member,
      nullable: true,
      description: 'Who did it; null for the system.',
      resolve: (entry, _args, ctx) => ctx.load('Member', entry.actorId),
    }),
    reason: t.exposeString('reason', {
      nullable: true,
      description: 'Why, of a correction; else null.',
    }),
  }),
});

const refOf = (versionId: string, position: number, ordinal: number): string =>
  `${versionId}.${position}.${ordinal}`;

export const ScoreEntryConnection = connectionObject(ScoreEntry, {
  name: 'ScoreEntryConnection',
  description: 'A page of score entries, newest first.',
});
