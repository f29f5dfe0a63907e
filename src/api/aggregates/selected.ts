import {
  type FieldNode,
  type GraphQLField,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { decodeArguments } from '../record-ids.ts';

/** A field that is asked for below the one that runs. */
export interface Selected {
  name: string;
  /** As its resolver will get them. */
  args: Record<string, unknown>;
  /** What is asked for below it; none for a leaf. */
  below(): Selected[];
}

/** The fields asked for below the present one; fragments are followed, `@skip` and `@include` heeded. */
export function selectedBelow(info: GraphQLResolveInfo): Selected[] {
  const type = getNamedType(info.returnType);
  if (!isObjectType(type)) return [];
  return info.fieldNodes.flatMap(({ selectionSet }) => selectedIn(info, selectionSet, type));
}

function selectedIn(
  info: GraphQLResolveInfo,
  set: SelectionSetNode | undefined,
  parent: GraphQLObjectType,
): Selected[] {
  return (set?.selections ?? []).flatMap((selection): Selected[] => {
    const { variableValues, fragments } = info;
    const isSkipped =
      getDirectiveValues(GraphQLSkipDirective, selection, variableValues)?.if === true ||
      getDirectiveValues(GraphQLIncludeDirective, selection, variableValues)?.if === false;
    if (isSkipped) return [];
    if (selection.kind !== Kind.FIELD) {
      const fragment =
        selection.kind === Kind.FRAGMENT_SPREAD ? fragments[selection.name.value] : selection;
      // A row is of one type and implements nothing: whatever is valid here applies.
      return selectedIn(info, fragment?.selectionSet, parent);
    }
    const field = parent.getFields()[selection.name.value];
    return field ? [selectedField(info, selection, field, parent)] : [];
  });
}

function selectedField(
  info: GraphQLResolveInfo,
  node: FieldNode,
  field: GraphQLField<unknown, unknown>,
  parent: GraphQLObjectType,
): Selected {
  const args = getArgumentValues(field, node, info.variableValues);
  const type = getNamedType(field.type);
  return {
    name: field.name,
    args: decodeArguments(parent.name, field.name, args),
    below: () => (isObjectType(type) ? selectedIn(info, node.selectionSet, type) : []),
  };
}
