import type { GraphQLResolveInfo, SelectionSetNode } from 'graphql';
import { GraphQLIncludeDirective, GraphQLSkipDirective, getDirectiveValues, Kind } from 'graphql';

const DEPTH = 2;

/**
 * Which fields the client asked for below the present one, two levels deep, as `pageInfo` and
 * `pageInfo.hasNextPage`; fragments are followed, `@skip` and `@include` heeded.
 */
export function asked(info: GraphQLResolveInfo): ReadonlySet<string> {
  const found = new Set<string>();
  for (const node of info.fieldNodes) collect(node.selectionSet, info, '', DEPTH, found);
  return found;
}

function collect(
  selectionSet: SelectionSetNode | undefined,
  info: GraphQLResolveInfo,
  prefix: string,
  depth: number,
  found: Set<string>,
): void {
  for (const selection of selectionSet?.selections ?? []) {
    const { variableValues, fragments } = info;
    const isSkipped =
      getDirectiveValues(GraphQLSkipDirective, selection, variableValues)?.if === true ||
      getDirectiveValues(GraphQLIncludeDirective, selection, variableValues)?.if === false;
    if (isSkipped) continue;
    if (selection.kind === Kind.FIELD) {
      const name = `${prefix}${selection.name.value}`;
      found.add(name);
      if (depth > 1) collect(selection.selectionSet, info, `${name}.`, depth - 1, found);
    } else {
      const fragment =
        selection.kind === Kind.FRAGMENT_SPREAD ? fragments[selection.name.value] : selection;
      collect(fragment?.selectionSet, info, prefix, depth, found);
    }
  }
}
