import { checkVersion } from '../../database/errors.ts';
import type { Tx } from '../../database/transaction.ts';
import type { AgendaEntry, Meeting } from './model.ts';
import * as rules from './rules.ts';
import * as store from './store.ts';

export interface Keyed {
  idempotencyKey?: string | null;
}

export interface Transition extends Keyed {
  id: string;
  expectedVersion?: number | null;
}

export type MeetingOutcome = { id: string; version: number };

/** Load, then rights, then version, then state: a refusal never says more than the caller may know. */
export async function lockToChange(
  tx: Tx,
  input: Transition,
  change: rules.Change,
): Promise<store.Locked> {
  const locked = await lockVisible(tx, input.id);
  rules.mayChange(tx.viewer, locked.meeting);
  checkVersion('Meeting', locked.meeting, input.expectedVersion);
  rules.requireState(locked.meeting, change);
  return locked;
}

/** Throws NotFound for what is not there for the viewer. */
export async function lockVisible(tx: Tx, id: string, field = 'id'): Promise<store.Locked> {
  const locked = await store.lock(tx, id);
  if (!locked) throw rules.meetingNotFound(field);
  rules.requireVisible(tx.viewer, locked.participants, field);
  return locked;
}

export const outcomeOf = ({ id, version }: Meeting): MeetingOutcome => ({ id, version });

/** Ids with the place that they stand in; `inside`: the field of the item that holds the id. */
export const membersGiven = (ids: readonly string[], field: string, ...inside: string[]) =>
  ids.map((id, index) => ({ id, path: ['input', field, String(index), ...inside] }));

export const presenters = (agenda: readonly AgendaEntry[]) =>
  agenda.flatMap(({ presenterId }, index) =>
    presenterId
      ? [{ id: presenterId, path: ['input', 'agenda', String(index), 'presenterId'] }]
      : [],
  );
