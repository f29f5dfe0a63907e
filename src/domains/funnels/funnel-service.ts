import type { Database } from '../../database/database.ts';
import { AlreadyExists, checkVersion } from '../../database/errors.ts';
import { newId } from '../../database/ids.ts';
import { brokenConstraint, type Committed, transact } from '../../database/transact.ts';
import type { MemberViewer } from '../../database/viewer.ts';
import { refuseNull } from '../organization/limits.ts';
import { funnelCreated, funnelUpdated } from './events.ts';
import { insertFunnel, lockFunnel, saveStages, stagesOf, updateFunnelRow } from './funnel-store.ts';
import { type Funnel, MAX_NAME, type Stage } from './model.ts';
import { requireFunnelRights } from './rights.ts';
import { planStages, type StageDraft } from './stage-rules.ts';
import { checkName } from './values.ts';
import './metrics.ts';
import './scope.ts';

export interface CreateFunnel {
  name: string;
  /** What the funnel is called in another system; unique in the organization. */
  externalId?: string | null;
  stages: readonly StageDraft[];
  idempotencyKey?: string | null;
}

export interface FunnelOutcome extends Record<string, unknown> {
  id: string;
  version: number;
}

/** Makes a funnel. Throws NotAllowed, InvalidInput, StagesInvalid, AlreadyExists (name, external id). */
export async function createFunnel(
  db: Database,
  viewer: MemberViewer,
  input: CreateFunnel,
): Promise<Committed<FunnelOutcome>> {
  requireFunnelRights(viewer);
  const name = checkName(input.name, MAX_NAME, ['input', 'name']);
  const externalId = input.externalId
    ? checkName(input.externalId, MAX_NAME, ['input', 'externalId'])
    : null;
  return transact(db, viewer, 'createFunnel', input, async (tx) => {
    const funnel: Funnel = {
      id: newId(),
      version: 1,
      externalId,
      name,
      createdAt: tx.now,
      archivedAt: null,
    };
    const stages = planStages(funnel.id, [], input.stages, newId, tx.now);
    await insertFunnel(tx, funnel).catch(asTaken);
    saveStages(tx, stages, new Set());
    tx.event(funnelCreated(funnel, stages));
    return { id: funnel.id, version: funnel.version };
  });
}

export interface UpdateFunnel {
  id: string;
  expectedVersion: number;
  name?: string | null | undefined;
  /** An archived funnel takes no new opportunities; those in it go on. */
  archived?: boolean | null | undefined;
  /** The whole list, in order. What is left out is archived, what has no id is new. */
  stages?: readonly StageDraft[] | null | undefined;
  idempotencyKey?: string | null;
}

/**
 * Renames, archives, and sets the stages of a funnel. Stages are never deleted, and never change their kind.
 * Throws NotAllowed, NotFound, Conflict, InvalidInput, StagesInvalid, AlreadyExists.
 */
export async function updateFunnel(
  db: Database,
  viewer: MemberViewer,
  input: UpdateFunnel,
): Promise<Committed<FunnelOutcome>> {
  requireFunnelRights(viewer);
  const given = refuseNull(input, 'name', 'archived', 'stages');
  const name =
    given.name === undefined ? undefined : checkName(given.name, MAX_NAME, ['input', 'name']);
  return transact(db, viewer, 'updateFunnel', input, async (tx) => {
    const before = await lockFunnel(tx, input.id);
    checkVersion('Funnel', before, input.expectedVersion);
    const stages = await stagesOf(tx, before.id);
    const planned = given.stages
      ? planStages(before.id, stages, given.stages, newId, tx.now)
      : stages;
    const changed = planned.filter(
      (stage) =>
        !same(
          stage,
          stages.find(({ id }) => id === stage.id),
        ),
    );
    const archivedAt =
      given.archived === undefined
        ? before.archivedAt
        : given.archived
          ? (before.archivedAt ?? tx.now)
          : null;
    const after = { ...before, name: name ?? before.name, archivedAt };
    const isSame = after.name === before.name && after.archivedAt === before.archivedAt;
    if (isSame && changed.length === 0) return { id: before.id, version: before.version };
    after.version += 1;
    await updateFunnelRow(tx, after).catch(asTaken);
    saveStages(tx, changed, new Set(stages.map(({ id }) => id)));
    tx.event(funnelUpdated(after, planned));
    return { id: after.id, version: after.version };
  });
}

const same = (a: Stage, b: Stage | undefined): boolean => JSON.stringify(a) === JSON.stringify(b);

function asTaken(error: unknown): never {
  const constraint = brokenConstraint(error);
  if (constraint === 'funnel_organization_id_name_key') {
    throw new AlreadyExists('There is a funnel of this name.', { path: ['input', 'name'] });
  }
  if (constraint === 'funnel_organization_id_external_id_key') {
    throw new AlreadyExists('There is a funnel with this external id.', {
      path: ['input', 'externalId'],
    });
  }
  throw error;
}
