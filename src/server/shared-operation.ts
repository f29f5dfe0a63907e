import {
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  Kind,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { classifyOperation, type OperationClass } from '../api/operation-class.ts';
import { type Sharing, sharingOf } from '../api/sharing.ts';
import type { ServerContext } from './server-context.ts';

/** What was asked, as it comes from a transport. */
export interface AskedOperation {
  schema: GraphQLSchema;
  document: DocumentNode;
  operationName?: string | null | undefined;
  variableValues?: Record<string, unknown> | null | undefined;
  contextValue: ServerContext;
}

/** A subscription whose field can be shared, without what tells one subscriber from another. */
export interface SharedOperation extends OperationClass {
  schema: GraphQLSchema;
  document: DocumentNode;
  operationName: string | null;
  variableValues: Record<string, unknown>;
  sharing: Sharing<unknown>;
}

/** How a subscriber says where it stands: by a variable that is used for nothing else, in the text, or not at all. */
interface Apart {
  argument: ArgumentNode | null;
  variable: string | null;
  text: string | null;
}

const NOWHERE: Apart = { argument: null, variable: null, text: null };

/** Characters of query texts and variables that are remembered, with what was worked out for them; some 20 MB. */
const REMEMBERED = 4_000_000;

/**
 * Works out what subscriptions ask for, and remembers it by the text of the query, the name and the variables, as the
 * subscribers of a group mostly send the same.
 */
export class SharedOperations {
  #refusal: (asked: AskedOperation) => Error | null;
  #aparts = new WeakMap<DocumentNode, Map<string | null, Apart | null>>();
  #known = new LRUCache<string, { operation: SharedOperation | null }>({
    maxSize: REMEMBERED,
    sizeCalculation: (_value, key) => key.length,
  });

  /** @param refusal why an operation may not run at all, whoever asks */
  constructor(refusal: (asked: AskedOperation) => Error | null) {
    this.#refusal = refusal;
  }

  /** The operation, and what the subscriber gave to say where it stands; null when it is not one to share. */
  find(asked: AskedOperation): { operation: SharedOperation; place: string | null } | null {
    const apart = this.#apartOf(asked);
    if (!apart) return null;
    const { [apart.variable ?? '']: given = null, ...variableValues } = asked.variableValues ?? {};
    const place = given ?? apart.text;
    if (place !== null && typeof place !== 'string') return null;
    const common = { ...asked, variableValues };
    const key = keyOf(common);
    let known = key === null ? undefined : this.#known.get(key);
    if (!known) {
      known = { operation: this.#classify(common, apart) };
      if (key !== null) this.#known.set(key, known);
    }
    return known.operation && { operation: known.operation, place };
  }

  #apartOf({ schema, document, operationName = null }: AskedOperation): Apart | null {
    const known = this.#aparts.get(document) ?? new Map<string | null, Apart | null>();
    this.#aparts.set(document, known);
    let apart = known.get(operationName);
    if (apart === undefined) {
      apart = apartOf(schema, document, operationName);
      known.set(operationName, apart);
    }
    return apart;
  }

  #classify(asked: AskedOperation, apart: Apart): SharedOperation | null {
    const { schema, operationName = null } = asked;
    if (this.#refusal(asked)) return null;
    const document = without(asked.document, apart);
    const operation = getOperationAST(document, operationName);
    if (!operation) return null;
    const variableValues = asked.variableValues ?? {};
    const definitions = operation.variableDefinitions ?? [];
    const { coerced } = getVariableValues(schema, definitions, variableValues);
    if (!coerced) return null;
    const fragments = fragmentsOf(document);
    const found = classifyOperation({ schema, operation, fragments, variables: coerced });
    const sharing = found && sharingOf(found.field.extensions);
    return (
      found && sharing && { ...found, schema, document, operationName, variableValues, sharing }
    );
  }
}

/** Null when there is no text, as for a document that came another way. */
function keyOf({ contextValue, operationName, variableValues }: AskedOperation): string | null {
  const query = contextValue.params?.query;
  return query ? JSON.stringify([query, operationName ?? null, variableValues]) : null;
}

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

const fragmentsOf = (document: DocumentNode): Fragments =>
  new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
    ),
  );

/** Null for what is not shared: another field, or one whose subscribers stand apart in a way that is not looked into. */
function apartOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null,
): Apart | null {
  const operation = getOperationAST(document, operationName);
  if (operation?.operation !== 'subscription') return null;
  const [root, ...others] = rootFields(operation.selectionSet, fragmentsOf(document));
  const field = root && schema.getSubscriptionType()?.getFields()[root.name.value];
  const sharing = field && sharingOf(field.extensions);
  if (!sharing || others.length > 0) return null;
  const argument = root.arguments?.find(({ name }) => name.value === sharing.apart);
  if (!argument || argument.value.kind === Kind.NULL) return NOWHERE;
  const { value } = argument;
  const stands = { argument, variable: null, text: null };
  if (value.kind === Kind.STRING) return { ...stands, text: value.value };
  if (value.kind !== Kind.VARIABLE || !isUsedOnce(document, value.name.value)) return null;
  return { ...stands, variable: value.name.value };
}

function rootFields(set: SelectionSetNode, fragments: Fragments): FieldNode[] {
  return set.selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    const inside =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    return inside ? rootFields(inside.selectionSet, fragments) : [];
  });
}

/** A default is another use. */
function isUsedOnce(document: DocumentNode, name: string): boolean {
  let uses = 0;
  visit(document, {
    VariableDefinition: ({ variable, defaultValue }) => {
      if (defaultValue && variable.name.value === name) uses += 1;
      return false;
    },
    Variable: (node) => {
      if (node.name.value === name) uses += 1;
    },
  });
  return uses === 1;
}

/** The document without an argument, and without the variable that nothing else uses. */
function without(document: DocumentNode, { argument, variable }: Apart): DocumentNode {
  if (argument === null) return document;
  return visit(document, {
    VariableDefinition: (node) => (node.variable.name.value === variable ? null : undefined),
    Argument: (node) => (node === argument ? null : undefined),
  });
}
