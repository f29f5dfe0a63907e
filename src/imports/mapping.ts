import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv, type ErrorObject } from 'ajv';
import { isCalendarDate } from '../calendar/days.ts';
import { ImportError, type Mapping } from './model.ts';

const SCHEMA = new URL('../../schema/import-mapping.schema.json', import.meta.url);

/** Reads a mapping file. Throws ImportError with a line for everything that is wrong in it. */
export function loadMapping(file: string): Mapping {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ImportError(`The mapping ${file} cannot be read: ${reasonOf(error)}`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new ImportError(`The mapping ${file} is not JSON: ${reasonOf(error)}`);
  }
  const problems = mappingProblems(json);
  if (problems.length > 0) {
    const name = path.basename(file);
    throw new ImportError(
      `The mapping ${name} cannot be used:\n${problems.map((line) => `  ${line}`).join('\n')}`,
    );
  }
  return json as Mapping;
}

/** What is wrong with a mapping, a sentence each; empty: nothing. */
export function mappingProblems(json: unknown): string[] {
  const ajv = new Ajv({ allErrors: true, verbose: true, strict: true, strictRequired: false });
  const validate = ajv.compile<Mapping>(JSON.parse(readFileSync(SCHEMA, 'utf8')));
  if (validate(json)) return contradictions(json);
  const told = (validate.errors ?? []).map(sentence).filter((line) => line !== null);
  return [...new Set(told)];
}

/** Where in the mapping, as people write it: opportunities[0].statuses.Won. */
function place(pointer: string): string {
  const parts = pointer.split('/').slice(1);
  const names = parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  return names
    .map((name) => (/^\d+$/.test(name) ? `[${name}]` : `.${name}`))
    .join('')
    .replace(/^\./, '');
}

function sentence(error: ErrorObject): string | null {
  const where = place(error.instancePath) || 'the mapping';
  switch (error.keyword) {
    case 'additionalProperties': {
      const known = Object.keys(error.parentSchema?.properties ?? {}).filter(
        (key) => key !== '$schema',
      );
      return `${where}: does not know "${error.params.additionalProperty}"; it knows ${known.join(', ')}`;
    }
    case 'required':
      // Each way of a oneOf says what it misses; the oneOf itself says it better.
      if (error.schemaPath.includes('/oneOf/')) return null;
      return `${where}: "${error.params.missingProperty}" is missing`;
    case 'oneOf':
      return `${where}: must have exactly one of column, value, template, firstOf and lookup`;
    case 'if':
      return null;
    case 'enum':
      return `${where}: is ${JSON.stringify(error.data)}; it can be ${error.params.allowedValues.join(', ')}`;
    case 'pattern':
      return `${where}: is ${JSON.stringify(error.data)}, which does not look like ${error.params.pattern}`;
    default:
      return `${where}: ${error.message}`;
  }
}

/** What a schema cannot say. */
function contradictions(mapping: Mapping): string[] {
  const problems: string[] = [];
  const from = mapping.membersFrom;
  if (from !== undefined && !isCalendarDate(from))
    problems.push(`membersFrom: there is no day ${from}`);
  if (from === undefined && (mapping.teams?.length || mapping.members?.length)) {
    problems.push('membersFrom: is missing; teams and members are in force from a day');
  }
  for (const [index, source] of (mapping.opportunities ?? []).entries()) {
    const name = typeof source.funnel === 'object' ? source.funnel.value : undefined;
    const funnel = mapping.funnels?.find((one) => one.externalId === name || one.name === name);
    for (const [status, { enters, wonAmount }] of Object.entries(source.statuses)) {
      const where = `opportunities[${index}].statuses.${status}`;
      for (const { stage } of enters) {
        if (funnel && !funnel.stages.some((one) => one.name === stage)) {
          problems.push(`${where}: the funnel "${funnel.name}" has no stage "${stage}"`);
        }
      }
      const last = funnel?.stages.find((one) => one.name === enters.at(-1)?.stage);
      if (last?.kind === 'WON' && wonAmount === undefined) {
        problems.push(`${where}: "wonAmount" is missing; "${last.name}" is a stage of kind WON`);
      }
    }
  }
  return problems;
}

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
