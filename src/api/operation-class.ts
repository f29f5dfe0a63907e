import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  GraphQLIncludeDirective,
  type GraphQLNamedType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { type DependsOn, dependencyOf } from './identity-class.ts';
import { sharingOf } from './sharing.ts';

/** An operation that was worked out with its variables. */
export interface OperationClass {
  /** Its one root field. */
  field: GraphQLField<unknown, unknown>;
  args: Record<string, unknown>;
  /**
   * Equal for operations that ask the same: fragments and directives worked out, arguments with their defaults, in
   * the order in which the answer has its fields. Without what `Sharing.apart` names.
   */
  text: string;
  /** The field and its arguments: equal for operations that are answered from the same values. */
  source: string;
  /** Everything that a field of it depends on. */
  dependencies: DependsOn[];
}

export interface Operation {
  schema: GraphQLSchema;
  operation: OperationDefinitionNode;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Coerced. */
  variables: Record<string, unknown>;
}

/** Fields, fragments counted wherever they are used: nested fragments double with every level. */
const BUDGET = 1_000;

class TooMuch extends Error {}

/** Null for what is not worked out: directives of other kinds, arguments that do not fit, and too many fields. */
export function classifyOperation(operation: Operation): OperationClass | null {
  try {
    return new Classifier(operation).classify();
  } catch (error) {
    if (error instanceof TooMuch) return null;
    throw error;
  }
}

class Classifier {
  #operation: Operation;
  #dependencies = new Map<string, DependsOn>();
  #left = BUDGET;

  constructor(operation: Operation) {
    this.#operation = operation;
  }

  classify(): OperationClass {
    const { schema, operation } = this.#operation;
    const root = schema.getRootType(operation.operation);
    const [node, ...others] = root ? this.#rootFields(operation.selectionSet) : [];
    const field = root && node && root.getFields()[node.name.value];
    if (!field || others.length > 0 || operation.directives?.length) throw new TooMuch();
    const args = this.#arguments(field, node);
    this.#needAuth(field.extensions, ['VIEWER', 'MEMBER']);
    const { [sharingOf(field.extensions)?.apart ?? '']: _apart, ...rest } = args;
    const text = `${operation.operation} ${this.#print(node, rest, getNamedType(field.type))}`;
    const source = `${field.name}(${stable(rest)})`;
    return { field, args, text, source, dependencies: [...this.#dependencies.values()] };
  }

  #rootFields(set: SelectionSetNode): FieldNode[] {
    return set.selections.flatMap((selection) => {
      if (!this.#isIncluded(selection)) return [];
      if (selection.kind === Kind.FIELD) return [selection];
      return this.#rootFields(this.#fragment(selection).selectionSet);
    });
  }

  #selections(set: SelectionSetNode, parent: GraphQLNamedType, into: Set<string>): void {
    for (const selection of set.selections) {
      if (!this.#isIncluded(selection)) continue;
      if (selection.kind === Kind.FIELD) {
        into.add(this.#field(selection, parent));
        continue;
      }
      const { typeCondition, selectionSet } = this.#fragment(selection);
      const type = typeCondition
        ? this.#operation.schema.getType(typeCondition.name.value)
        : parent;
      if (!type) throw new TooMuch();
      if (type === parent) this.#selections(selectionSet, parent, into);
      else into.add(`...on ${type.name}${this.#set(selectionSet, type)}`);
    }
  }

  #set(set: SelectionSetNode, parent: GraphQLNamedType): string {
    const parts = new Set<string>();
    this.#selections(set, parent, parts);
    return `{${[...parts].join(' ')}}`;
  }

  #field(node: FieldNode, parent: GraphQLNamedType): string {
    const name = node.name.value;
    if (name === '__typename') return this.#print(node, {}, null);
    const fields = this.#possible(parent).map((type) => type.getFields()[name]);
    const [field] = fields;
    if (!field || fields.includes(undefined)) throw new TooMuch();
    for (const possible of fields) {
      const { extensions = {} } = possible ?? {};
      this.#need(dependencyOf(extensions));
      this.#needAuth(extensions, []);
    }
    return this.#print(node, this.#arguments(field, node), getNamedType(field.type));
  }

  /** An implementation may resolve a field in its own way, so an interface is as bad as the worst of them. */
  #possible(parent: GraphQLNamedType) {
    const own = isObjectType(parent) || isInterfaceType(parent) ? [parent] : [];
    if (!isAbstractType(parent)) return own;
    return [...own, ...this.#operation.schema.getPossibleTypes(parent)];
  }

  #print(
    { alias, name, selectionSet }: FieldNode,
    args: Record<string, unknown>,
    type: GraphQLNamedType | null,
  ): string {
    const key = alias && alias.value !== name.value ? `${alias.value}:` : '';
    const given = Object.keys(args).length > 0 ? `(${stable(args)})` : '';
    if (type) this.#needTypeAuth(type);
    const below = selectionSet && type ? this.#set(selectionSet, type) : '';
    return `${key}${name.value}${given}${below}`;
  }

  #arguments(field: GraphQLField<unknown, unknown>, node: FieldNode): Record<string, unknown> {
    try {
      return getArgumentValues(field, node, this.#operation.variables);
    } catch {
      throw new TooMuch();
    }
  }

  #isIncluded(selection: SelectionNode): boolean {
    this.#left -= 1;
    const known = [GraphQLSkipDirective.name, GraphQLIncludeDirective.name];
    const isKnown = selection.directives?.every(({ name }) => known.includes(name.value)) ?? true;
    if (this.#left < 0 || !isKnown) throw new TooMuch();
    const { variables } = this.#operation;
    return (
      getDirectiveValues(GraphQLSkipDirective, selection, variables)?.if !== true &&
      getDirectiveValues(GraphQLIncludeDirective, selection, variables)?.if !== false
    );
  }

  #fragment(selection: Exclude<SelectionNode, FieldNode>) {
    if (selection.kind === Kind.INLINE_FRAGMENT) return selection;
    const fragment = this.#operation.fragments.get(selection.name.value);
    if (!fragment || fragment.directives?.length) throw new TooMuch();
    return fragment;
  }

  #need(dependency: DependsOn): void {
    this.#dependencies.set(JSON.stringify(dependency), dependency);
  }

  /** Scopes are rights, whatever the field declares beside them. */
  #needAuth(extensions: Readonly<Record<string, unknown>>, harmless: readonly string[]): void {
    const requires = (extensions.auth ?? []) as readonly string[];
    if (requires.includes('RECORD')) this.#need('member');
    else if (requires.some((scope) => !harmless.includes(scope))) this.#need('rights');
  }

  #needTypeAuth(type: GraphQLNamedType): void {
    const types = isAbstractType(type) ? this.#operation.schema.getPossibleTypes(type) : [type];
    for (const { extensions } of types) this.#needAuth(extensions, []);
  }
}

/** JSON with the keys of objects in order. */
const stable = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
