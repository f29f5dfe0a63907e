import {
  buildSchema,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { expect, test } from 'vitest';
import { printWithAuth } from '../../src/api/print.ts';
import { schema } from '../../src/schema.ts';

interface Described {
  name: string;
  description?: string | null | undefined;
}

function lacking(place: string, described: readonly Described[]): string[] {
  return described
    .filter(({ description }) => !description || description.trim().length < 3)
    .map(({ name }) => `${place}${name}`);
}

/** Everything of a type that a client can see and that has no description. */
function undescribed(type: GraphQLNamedType): string[] {
  const missing = lacking('', [type]);
  if (isEnumType(type)) missing.push(...lacking(`${type.name}.`, type.getValues()));
  if (isInputObjectType(type)) {
    missing.push(...lacking(`${type.name}.`, Object.values(type.getFields())));
  }
  if (isObjectType(type) || isInterfaceType(type)) {
    for (const field of Object.values(type.getFields())) {
      missing.push(...lacking(`${type.name}.`, [field]));
      missing.push(...lacking(`${type.name}.${field.name}.`, field.args));
    }
  }
  return missing;
}

const printed = printWithAuth(schema);
const types = Object.values(buildSchema(printed).getTypeMap()).filter(
  (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
);

test('every type, field, argument, input field and enum value of the printed schema is described', () => {
  expect(types.length).toBeGreaterThan(20);
  expect(types.flatMap(undescribed)).toEqual([]);
});

test('every root field says who may use it, and the public ones are known', () => {
  const open = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
    .flatMap((root) => (root ? Object.values(root.getFields()) : []))
    .flatMap((field) => {
      const requires = field.extensions.auth;
      expect(requires, field.name).toEqual(expect.arrayContaining([expect.any(String)]));
      return (requires as string[]).includes('ANYONE') ? [field.name] : [];
    });
  expect(open).toEqual(['signIn']);
});

test('a mutation takes one input with a key and gives a union with the common errors', () => {
  const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});
  expect(mutations.length).toBeGreaterThan(0);
  for (const { name, args, type } of mutations) {
    const typeName = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    expect(String(args[0]?.type)).toBe(`${typeName}Input!`);
    expect(args).toHaveLength(1);
    expect(String(type)).toBe(`${typeName}Result!`);
    expect(printed).toMatch(new RegExp(`union ${typeName}Result =[^"]*NotFound`));
  }
});
