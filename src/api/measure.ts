import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  getNullableType,
  getOperationAST,
  getVariableValues,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
} from 'graphql';

/** The worst case of one operation, fragments inlined. */
export interface Measure {
  depth: number;
  introspectionDepth: number;
  /** Aliases of whole parts of the schema: each has all of it answered once more. */
  introspectionAliases: number;
  aliases: number;
  cost: number;
}

const NOTHING: Measure = {
  depth: 0,
  introspectionDepth: 0,
  introspectionAliases: 0,
  aliases: 0,
  cost: 0,
};
const CONNECTION_SIZE = 20;
const LIST_SIZE = 10;

interface Walk {
  schema: GraphQLSchema;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  variables: Record<string, unknown>;
  context: unknown;
  /** Relative to the place of use, so a fragment that is used at two depths counts at both. */
  known: Map<SelectionSetNode, Map<string, Measure>>;
}

/**
 * Measures an operation of a valid document. Works on what is written, names exempt nothing: only
 * the real `__schema` and `__type` fields count as introspection. Linear in the document, however
 * often its fragments are used. Null when the variables do not fit: execution says so better.
 */
export function measureOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  rawVariables: Record<string, unknown> | null | undefined,
  context: unknown,
): Measure | null {
  const operation = getOperationAST(document, operationName);
  const root = operation && schema.getRootType(operation.operation);
  if (!operation || !root) return null;
  const { coerced } = getVariableValues(
    schema,
    operation.variableDefinitions ?? [],
    rawVariables ?? {},
  );
  if (!coerced) return null;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    }
  }
  const walk: Walk = { schema, fragments, variables: coerced, context, known: new Map() };
  return measureSelections(walk, operation.selectionSet, root);
}

function measureSelections(
  walk: Walk,
  selections: SelectionSetNode,
  parent: GraphQLNamedType,
): Measure {
  const known = walk.known.get(selections) ?? new Map<string, Measure>();
  walk.known.set(selections, known);
  const before = known.get(parent.name);
  if (before) return before;
  const total = { ...NOTHING };
  for (const selection of selections.selections) {
    const part = measureSelection(walk, selection, parent);
    total.depth = Math.max(total.depth, part.depth);
    total.introspectionDepth = Math.max(total.introspectionDepth, part.introspectionDepth);
    total.introspectionAliases += part.introspectionAliases;
    total.aliases += part.aliases;
    total.cost += part.cost;
  }
  known.set(parent.name, total);
  return total;
}

function measureSelection(
  walk: Walk,
  selection: SelectionSetNode['selections'][number],
  parent: GraphQLNamedType,
): Measure {
  if (selection.kind === Kind.FIELD) return measureField(walk, selection, parent);
  const fragment =
    selection.kind === Kind.FRAGMENT_SPREAD ? walk.fragments.get(selection.name.value) : selection;
  if (!fragment) return NOTHING;
  const narrowed = fragment.typeCondition
    ? walk.schema.getType(fragment.typeCondition.name.value)
    : parent;
  return measureSelections(walk, fragment.selectionSet, narrowed ?? parent);
}

function measureField(walk: Walk, node: FieldNode, parent: GraphQLNamedType): Measure {
  const aliases = node.alias && node.alias.value !== node.name.value ? 1 : 0;
  const field = fieldOf(parent, node.name.value);
  if (!field) return { ...NOTHING, depth: 1, aliases };
  const type = getNamedType(field.type);
  const inside = node.selectionSet ? measureSelections(walk, node.selectionSet, type) : NOTHING;
  if (type.name.startsWith('__')) {
    const introspectionDepth = Math.max(inside.depth, inside.introspectionDepth) + 1;
    // A single type is small enough to be asked for by several names.
    const again = field === TypeMetaFieldDef ? 0 : aliases;
    const introspectionAliases = inside.introspectionAliases + again;
    const all = aliases + inside.aliases;
    return { depth: 0, introspectionDepth, introspectionAliases, aliases: all, cost: 1 };
  }
  const { own, size } = weigh(walk, node, field, parent);
  return {
    depth: inside.depth + 1,
    introspectionDepth: inside.introspectionDepth,
    introspectionAliases: inside.introspectionAliases,
    aliases: aliases + inside.aliases,
    cost: own + size * inside.cost,
  };
}

function fieldOf(parent: GraphQLNamedType, name: string) {
  const meta = [SchemaMetaFieldDef, TypeMetaFieldDef].find((candidate) => candidate.name === name);
  if (meta) return meta;
  if (!isObjectType(parent) && !isInterfaceType(parent)) return undefined;
  return parent.getFields()[name];
}

interface Weight {
  own: number;
  size: number;
}

/** What the field itself costs, and how many times what stands below it. */
function weigh(
  walk: Walk,
  node: FieldNode,
  field: GraphQLField<unknown, unknown>,
  parent: GraphQLNamedType,
): Weight {
  const args = argumentsOf(walk, node, field);
  const declared = declaredWeight(field.extensions.complexity, args, walk.context, field);
  if (declared) return declared;
  const isPart = parent.name.endsWith('Connection') && ['edges', 'nodes'].includes(field.name);
  if (isPart) return { own: 1, size: 1 };
  const isConnection = getNamedType(field.type).name.endsWith('Connection');
  const isList = isListType(getNullableType(field.type));
  const own = node.selectionSet ? 1 : 0;
  if (!isConnection && !isList) return { own, size: 1 };
  const asked = args.first ?? args.last ?? (Array.isArray(args.ids) ? args.ids.length : null);
  const size = typeof asked === 'number' ? Math.max(asked, 0) : null;
  return { own, size: size ?? (isConnection ? CONNECTION_SIZE : LIST_SIZE) };
}

/** What `complexity` on the field says, where a domain has set more than the plugin's defaults. */
function declaredWeight(
  complexity: unknown,
  args: Record<string, unknown>,
  context: unknown,
  field: unknown,
): Weight | null {
  const said = typeof complexity === 'function' ? complexity(args, context, field) : complexity;
  if (typeof said === 'number') return said === 1 ? null : { own: said, size: 1 };
  if (typeof said !== 'object' || said === null) return null;
  const { field: own = 1, multiplier = 1 } = said as { field?: number; multiplier?: number };
  const isDefault = typeof complexity !== 'function' && own === 1 && multiplier === LIST_SIZE;
  return isDefault ? null : { own, size: Math.max(multiplier, 0) };
}

function argumentsOf(
  walk: Walk,
  node: FieldNode,
  field: GraphQLField<unknown, unknown>,
): Record<string, unknown> {
  try {
    return getArgumentValues(field, node, walk.variables);
  } catch {
    // Execution refuses the argument with a message of its own.
    return {};
  }
}
