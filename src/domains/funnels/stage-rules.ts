import { Decimal } from 'decimal.js';
import { InvalidInput } from '../../database/errors.ts';
import { StagesInvalid } from './errors.ts';
import {
  MAX_LIMIT_DAYS,
  MAX_NAME,
  MAX_STAGES,
  MAX_TEXT,
  plainDecimal,
  REQUIRED_FIELDS,
  type RequiredField,
  type Stage,
  type StageKind,
} from './model.ts';
import { checkName, checkText } from './values.ts';

/** A stage as it is asked for. With an id: one that exists; undefined there: leave as it is. */
export interface StageDraft {
  id?: string | null | undefined;
  name?: string | null | undefined;
  kind?: StageKind | null | undefined;
  probability?: string | null | undefined;
  limitDays?: number | null | undefined;
  requiredFields?: readonly RequiredField[] | null | undefined;
  steps?: string | null | undefined;
}

const FIXED_PROBABILITY: Partial<Record<StageKind, string>> = { WON: '1', LOST: '0' };

/**
 * The stages that a funnel gets, in order. Those that exist and are not named any more are archived; naming an
 * archived one brings it back.
 */
export function planStages(
  funnelId: string,
  existing: readonly Stage[],
  drafts: readonly StageDraft[],
  makeId: () => string,
  at: Date,
): Stage[] {
  if (drafts.length > MAX_STAGES) {
    throw new InvalidInput(`A funnel has at most ${MAX_STAGES} stages.`, {
      path: ['input', 'stages'],
    });
  }
  const known = new Map(existing.map((stage) => [stage.id, stage]));
  const live = drafts.map((draft, index) => {
    const path = ['input', 'stages', String(index)];
    const before = draft.id ? known.get(draft.id) : undefined;
    if (draft.id && !before) {
      throw new InvalidInput('This funnel has no such stage.', { path: [...path, 'id'] });
    }
    return planStage(draft, before, { funnelId, makeId, path });
  });
  requireShape(live);
  return withArchived(live, existing, at).map((stage, index) => ({ ...stage, ordinal: index + 1 }));
}

/** What is not named any more keeps its place behind the stage that it followed, for reports on what went through it. */
function withArchived(live: readonly Stage[], existing: readonly Stage[], at: Date): Stage[] {
  const all = [...live];
  existing.forEach((stage, index) => {
    if (live.some(({ id }) => id === stage.id)) return;
    const place = all.findIndex(({ id }) => id === existing[index - 1]?.id) + 1;
    all.splice(place, 0, { ...stage, archivedAt: stage.archivedAt ?? at });
  });
  return all;
}

interface Place {
  funnelId: string;
  makeId: () => string;
  path: string[];
}

function planStage(draft: StageDraft, before: Stage | undefined, place: Place): Stage {
  const { path, funnelId, makeId } = place;
  const kind = draft.kind ?? before?.kind;
  if (!kind) throw new InvalidInput('A new stage needs a kind.', { path: [...path, 'kind'] });
  if (before && kind !== before.kind) {
    throw new StagesInvalid(
      `"${before.name}" is ${before.kind}: the kind of a stage never changes. Make another stage.`,
      { path: [...path, 'kind'] },
    );
  }
  const name = draft.name ?? before?.name ?? '';
  return {
    id: before?.id ?? makeId(),
    funnelId,
    ordinal: 0,
    kind,
    name: checkName(name, MAX_NAME, [...path, 'name']),
    probability: checkProbability(draft.probability ?? before?.probability, kind, path),
    limitDays:
      draft.limitDays === undefined ? (before?.limitDays ?? null) : checkLimit(draft, path),
    requiredFields: checkFields(draft.requiredFields ?? before?.requiredFields ?? [], path),
    steps: draft.steps === undefined ? (before?.steps ?? null) : checkSteps(draft.steps, path),
    archivedAt: null,
  };
}

function checkProbability(
  given: string | undefined,
  kind: StageKind,
  path: readonly string[],
): string {
  const probability = given ?? FIXED_PROBABILITY[kind];
  const here = [...path, 'probability'];
  if (probability === undefined) {
    throw new InvalidInput('An open stage needs a probability, 0 to 1.', { path: here });
  }
  const valid = /^\d(\.\d{1,4})?$/.test(probability) && new Decimal(probability).lte(1);
  if (!valid) {
    throw new InvalidInput('A probability is 0 to 1, with at most 4 decimals.', { path: here });
  }
  const fixed = FIXED_PROBABILITY[kind];
  if (fixed && !new Decimal(probability).equals(fixed)) {
    throw new InvalidInput(`The probability of a ${kind} stage is ${fixed}.`, { path: here });
  }
  return plainDecimal(probability);
}

function checkLimit({ limitDays }: StageDraft, path: readonly string[]): number | null {
  if (limitDays === null || limitDays === undefined) return null;
  if (!Number.isInteger(limitDays) || limitDays < 1 || limitDays > MAX_LIMIT_DAYS) {
    throw new InvalidInput(`A limit is 1 to ${MAX_LIMIT_DAYS} days.`, {
      path: [...path, 'limitDays'],
    });
  }
  return limitDays;
}

function checkFields(
  fields: readonly RequiredField[],
  path: readonly string[],
): readonly RequiredField[] {
  for (const field of fields) {
    if (!Object.hasOwn(REQUIRED_FIELDS, field)) {
      throw new InvalidInput('There is no such field to require.', {
        path: [...path, 'requiredFields'],
      });
    }
  }
  return [...new Set(fields)];
}

const checkSteps = (steps: string | null, path: readonly string[]): string | null =>
  steps === null ? null : checkText(steps, MAX_TEXT, [...path, 'steps']);

function requireShape(stages: readonly Stage[]): void {
  const count = (kind: StageKind) => stages.filter((stage) => stage.kind === kind).length;
  if (count('WON') !== 1 || count('LOST') < 1 || count('OPEN') < 1) {
    throw new StagesInvalid(
      `A funnel has exactly one stage of kind WON, at least one LOST and at least one OPEN; these are ${count('WON')}, ${count('LOST')} and ${count('OPEN')}.`,
      { path: ['input', 'stages'] },
    );
  }
  const names = stages.map((stage) => stage.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new StagesInvalid(`Two stages are called "${twice}".`, { path: ['input', 'stages'] });
  }
}
