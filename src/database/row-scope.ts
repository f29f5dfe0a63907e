import type { Prisma } from '../generated/prisma/client.ts';
import type { MemberViewer } from './viewer.ts';

export type ModelName = Prisma.ModelName;

/**
 * Which rows of a model a member may see, as Prisma's `where`; `null` is every row of the organization, and is what
 * a data scope of ORGANIZATION should give, so that no predicate is paid for.
 */
export type RowScope = (viewer: MemberViewer) => object | null;

const scopes = new Map<ModelName, RowScope>();

/** Every row of the organization is everybody's: teams, members, products, funnels. */
export const everyRow: RowScope = () => null;

/** Declares who may see a model's rows. A model without a declaration cannot be read by a viewer. */
export function declareRowScope(model: ModelName, scope: RowScope): void {
  scopes.set(model, scope);
}

export function rowScope(model: string): RowScope {
  const scope = scopes.get(model as ModelName);
  if (!scope) throw new Error(`${model} has no row scope: declare one in its domain's scope.ts`);
  return scope;
}

/** Whether every member of the organization sees every row, so that a to-one relation may lead there. */
export function isOpen(model: string): boolean {
  return rowScope(model) === everyRow;
}

/** The scope of what belongs to a member by this column. */
export const ownedBy =
  (column: string): RowScope =>
  (viewer) =>
    viewer.visibleMembers === 'ALL' ? null : { [column]: { in: [...viewer.visibleMembers] } };

/** The scope of what belongs to a scoped record by this relation: visible where that record is. */
export const visibleThrough =
  (relation: string, model: ModelName): RowScope =>
  (viewer) => {
    const scope = rowScope(model)(viewer);
    return scope === null ? null : { [relation]: scope };
  };
