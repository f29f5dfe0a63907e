import {
  type DocumentNode,
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  print,
  type SelectionSetNode,
} from 'graphql';
import { MusterError } from './errors.ts';

/** What a subscription's document says, as far as resuming depends on it. */
export interface SubscriptionPlan {
  query: string;
  operationName: string | undefined;
  /** Under which name the answer stands in the data. */
  key: string;
  /** A history tells every change once; a state is told whole, and only the newest counts. */
  isHistory: boolean;
}

const HISTORIES = ['taskEvents', 'boardNews'];

/**
 * Reads a subscription's document.
 * @throws MusterError CANNOT_RESUME when it could not be resumed, with what it lacks
 */
export function planSubscription(document: DocumentNode): SubscriptionPlan {
  const operation = operationOf(document);
  if (operation.operation !== 'subscription')
    throw bad('This document is no subscription: give it to `query` or `mutate`.');
  const [root, another] = fieldsOf(document, operation.selectionSet);
  if (!root || another) throw bad('A subscription has exactly one field.');
  const field = root.name.value;
  if (!takesSince(operation, root))
    throw bad(
      `${field} cannot be resumed: declare \`$since: Cursor\` and pass it on as \`${field}(since: $since)\`.`,
    );
  const names = new Set(
    fieldsOf(document, root.selectionSet)
      .filter(({ alias, name }) => !alias || alias.value === name.value)
      .map(({ name }) => name.value),
  );
  if (!names.has('cursor'))
    throw bad(`${field} cannot be resumed: select \`cursor\`, without an alias.`);
  const marks = field === 'taskEvents' ? ['__typename'] : ['reset', 'kind'];
  if (!marks.some((mark) => names.has(mark)))
    throw bad(`A reset of ${field} could not be seen: select \`${marks[0]}\`.`);
  return {
    query: print(document),
    operationName: operation.name?.value,
    key: root.alias?.value ?? field,
    isHistory: HISTORIES.includes(field),
  };
}

/** The one operation of a document. */
export function operationOf(document: DocumentNode): OperationDefinitionNode {
  const operations = document.definitions.filter(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION,
  );
  const [operation, another] = operations;
  if (!operation || another) throw bad('A document has exactly one operation.');
  return operation;
}

function takesSince(operation: OperationDefinitionNode, root: FieldNode): boolean {
  const isDeclared = operation.variableDefinitions?.some(
    ({ variable }) => variable.name.value === 'since',
  );
  const isPassed = root.arguments?.some(
    ({ name, value }) =>
      name.value === 'since' && value.kind === Kind.VARIABLE && value.name.value === 'since',
  );
  return Boolean(isDeclared && isPassed);
}

/** The fields of a selection, through fragments. */
function fieldsOf(document: DocumentNode, selectionSet: SelectionSetNode | undefined): FieldNode[] {
  return (selectionSet?.selections ?? []).flatMap((selection): FieldNode[] => {
    if (selection.kind === Kind.FIELD) return [selection];
    if (selection.kind === Kind.INLINE_FRAGMENT) return fieldsOf(document, selection.selectionSet);
    const fragment = document.definitions.find(
      (definition) =>
        definition.kind === Kind.FRAGMENT_DEFINITION &&
        definition.name.value === selection.name.value,
    );
    return fragment && 'selectionSet' in fragment ? fieldsOf(document, fragment.selectionSet) : [];
  });
}

const bad = (message: string): MusterError => new MusterError('CANNOT_RESUME', message);
