import { rowScope } from '../row-scope.ts';
import type { Viewer } from '../viewer.ts';
import type { Compilation, Source } from './statement.ts';
import { compileWhere } from './where.ts';

/**
 * Which rows of each table a viewer may see: the organization's, within the row scope of the model. Stands in every
 * place of a statement that a table is read in, so that what is hidden is not there: not in a list, a count, a to-one
 * relation or a condition that leads through it.
 */
export class Rights {
  readonly #viewer: Viewer;

  constructor(viewer: Viewer) {
    this.#viewer = viewer;
  }

  /** Throws for a model without a declared row scope, and for one that belongs to no organization. */
  conditions(compilation: Compilation, source: Source): string[] {
    const { model } = source;
    const scope = rowScope(model.name);
    const column = model.name === 'Organization' ? 'id' : 'organization_id';
    if (column !== 'id' && !model.columns.has('organizationId')) {
      throw new Error(`${model.name} belongs to no organization: a viewer cannot read it`);
    }
    const viewer = this.#viewer;
    // A display reads no rows at all.
    if (viewer.kind !== 'member') return ['false'];
    const mine = `${source.ref(column)} = ${compilation.statement.organization(viewer.organizationId)}`;
    const where = scope(viewer);
    if (where === null) return [mine];
    const own = compileWhere({ ...compilation, rights: null }, source, where, model.name);
    return own === null ? [mine] : [mine, own];
  }
}
