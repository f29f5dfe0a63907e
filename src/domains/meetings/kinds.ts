import './scope.ts';
import type { Database } from '../../database/database.ts';
import { AlreadyExists, checkVersion, InvalidInput, NotFound } from '../../database/errors.ts';
import { newId } from '../../database/ids.ts';
import { transact } from '../../database/transact.ts';
import type { Tx } from '../../database/transaction.ts';
import type { MemberViewer } from '../../database/viewer.ts';
import { onOrganizationCreated } from '../organization/created.ts';
import { requireAdmin } from '../organization/rules.ts';
import { readOrganization } from '../organization/service.ts';
import { CUSTOMARY_KINDS, type Wording } from './customary-kinds.ts';
import { kindEvent } from './events.ts';
import {
  type AgendaItemGiven,
  optionalText,
  requireAgenda,
  requireKey,
  requireMinutes,
  requireText,
  requireTimeOfDay,
} from './input-rules.ts';
import * as store from './kind-store.ts';
import { type AgendaPoint, LIMITS, type MeetingKind, type Rhythm } from './model.ts';

interface KindSettings {
  description?: string | null;
  rhythm?: Rhythm | null;
  usualTime?: string | null;
  agenda?: AgendaItemGiven[] | null;
  defaultMinutes?: number | null;
  /** Place in the list, from 1; equal places are ordered by name. */
  ordinal?: number | null;
}

export interface CreateMeetingKind extends KindSettings {
  name: string;
  key?: string | null;
  idempotencyKey?: string | null;
}

export interface UpdateMeetingKind extends KindSettings {
  id: string;
  expectedVersion: number;
  name?: string | null;
  active?: boolean | null;
  idempotencyKey?: string | null;
}

type KindOutcome = { id: string; version: number };

const DEFAULT_MINUTES = 60;

/** Adds a kind to the organization's list. Throws NotAllowed unless an administrator, AlreadyExists for a taken key. */
export function createMeetingKind(db: Database, viewer: MemberViewer, input: CreateMeetingKind) {
  requireAdmin(viewer);
  const name = requireText(input.name, LIMITS.name, ['input', 'name']);
  const settings = settingsOf(input);
  const id = newId();
  const key = input.key == null ? `OWN_${shortOf(id)}` : requireKey(input.key, ['input', 'key']);
  return transact(db, viewer, 'createMeetingKind', input, async (tx): Promise<KindOutcome> => {
    const kind: MeetingKind = {
      description: null,
      rhythm: null,
      usualTime: null,
      agenda: [],
      defaultMinutes: DEFAULT_MINUTES,
      ordinal: await store.nextOrdinal(tx),
      ...settings,
      id,
      version: 1,
      key,
      name,
      active: true,
    };
    const [inserted] = await store.insertKinds(tx, [kind]);
    if (inserted === undefined) {
      throw new AlreadyExists(`There is a kind of meeting with the key ${key}.`, {
        path: ['input', 'key'],
      });
    }
    tx.event(kindEvent('meeting_kind.created', kind));
    return { id, version: 1 };
  });
}

/** Changes a kind or takes it out of use. Meetings that are scheduled stay as they are. */
export function updateMeetingKind(db: Database, viewer: MemberViewer, input: UpdateMeetingKind) {
  requireAdmin(viewer);
  const changes: Partial<MeetingKind> = settingsOf(input);
  if (input.name != null) changes.name = requireText(input.name, LIMITS.name, ['input', 'name']);
  if (input.active != null) changes.active = input.active;
  return transact(db, viewer, 'updateMeetingKind', input, async (tx): Promise<KindOutcome> => {
    const before = await store.lockKind(tx, input.id);
    if (!before) throw new NotFound('There is no such kind of meeting.', { path: ['input', 'id'] });
    checkVersion('MeetingKind', before, input.expectedVersion);
    const after = { ...before, ...changes };
    if (JSON.stringify(after) === JSON.stringify(before)) {
      return { id: before.id, version: before.version };
    }
    after.version = before.version + 1;
    store.saveKind(tx, after);
    tx.event(kindEvent('meeting_kind.updated', after));
    return { id: after.id, version: after.version };
  });
}

/** Gives a new organization the customary kinds, worded in its language: Chinese, or English for any other. */
export async function seedMeetingKinds(tx: Tx): Promise<void> {
  const organization = await readOrganization(tx.connection, tx.organizationId);
  const language: keyof Wording = organization?.locale.startsWith('zh') === false ? 'en' : 'zh';
  const kinds = CUSTOMARY_KINDS.map(
    (kind, index): MeetingKind => ({
      id: newId(),
      version: 1,
      key: kind.key,
      name: kind.name[language],
      description: kind.description[language],
      rhythm: kind.rhythm,
      usualTime: kind.usualTime,
      agenda: kind.agenda.map(([minutes, en, zh]) => ({ topic: { en, zh }[language], minutes })),
      defaultMinutes: kind.minutes,
      ordinal: index + 1,
      active: true,
    }),
  );
  const inserted = await store.insertKinds(tx, kinds);
  for (const kind of kinds) {
    if (inserted.includes(kind.key)) tx.event(kindEvent('meeting_kind.created', kind));
  }
}

onOrganizationCreated(seedMeetingKinds);

const shortOf = (id: string): string => id.replaceAll('-', '').slice(-12).toUpperCase();

/** What is given of a kind's settings, checked. Clearing the agenda, length or place gives nothing to stand on. */
function settingsOf(input: KindSettings): Partial<MeetingKind> {
  const { rhythm, usualTime, agenda, defaultMinutes, ordinal } = input;
  const settings: Partial<MeetingKind> = {};
  if (input.description !== undefined) {
    settings.description = optionalText(input.description, LIMITS.text, ['input', 'description']);
  }
  if (rhythm !== undefined) settings.rhythm = rhythm;
  if (usualTime !== undefined) {
    settings.usualTime = usualTime && requireTimeOfDay(usualTime, ['input', 'usualTime']);
  }
  if (agenda !== undefined) {
    settings.agenda = requireAgenda(agenda ?? [], ['input', 'agenda']).map(
      ({ topic, minutes }): AgendaPoint => ({ topic, minutes }),
    );
  }
  if (defaultMinutes != null) {
    settings.defaultMinutes = requireMinutes(defaultMinutes, ['input', 'defaultMinutes']);
  }
  if (ordinal != null) {
    if (ordinal < 1 || ordinal > 1_000) {
      throw new InvalidInput('A place in the list is 1 to 1,000.', { path: ['input', 'ordinal'] });
    }
    settings.ordinal = ordinal;
  }
  return settings;
}
