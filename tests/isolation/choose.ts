// A valid value for every place, from what an organization has.
import { getNamedType, isEnumType, isInputObjectType } from 'graphql';
import { encodeGlobalId } from '../../src/api/global-ids.ts';
import { type Choose, nameOf, type Place } from './places.ts';
import { RECIPES } from './recipes.ts';
import type { Rows } from './rows.ts';
import type { World } from './world.ts';

/** The records of an organization, as its rows say. */
export class Records {
  readonly world: World;
  readonly #ids = new Map<string, string[]>();
  #versions: ReadonlyMap<string, number>;
  readonly #texts = new Map<string, Set<string>>();

  constructor(world: World, rows: Rows, versions: ReadonlyMap<string, number>) {
    this.world = world;
    this.#versions = versions;
    for (const [table, lines] of rows) {
      const type = table.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
      const records = lines.map((line) => JSON.parse(line) as { id?: string });
      this.#ids.set(
        type,
        records.flatMap(({ id }) => (id ? [id] : [])),
      );
      for (const record of records) {
        for (const [column, value] of Object.entries(record)) this.#addText(column, value);
      }
    }
  }

  /** After changes. */
  takeVersions(versions: ReadonlyMap<string, number>): void {
    this.#versions = versions;
  }

  #addText(column: string, value: unknown): void {
    const name = column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const texts = this.#texts.get(name) ?? new Set();
    this.#texts.set(name, texts);
    for (const text of [value].flat()) if (typeof text === 'string') texts.add(text);
  }

  /** What stands in columns of this name, or of its plural or singular. */
  texts(name: string): string[] {
    const names = [name, `${name}s`, name.replace(/s$/, '')];
    return [...new Set(names.flatMap((one) => [...(this.#texts.get(one) ?? [])]))];
  }

  /** Ids of all records of a type; the one that calls name is the first. */
  all(type: string): string[] {
    const ids = this.#ids.get(type) ?? [];
    const main = this.world.main[type];
    return main ? [main, ...ids.filter((id) => id !== main)] : ids;
  }

  globalId(type: string, variant = 0): string {
    const ids = this.all(type);
    const id = ids[variant % ids.length];
    if (!id) {
      throw new Error(
        `No organization of tests/isolation has a ${type}: let world.ts make one, so that it is walked too.`,
      );
    }
    return encodeGlobalId(type, id);
  }

  version(type: string, variant = 0): number {
    const ids = this.all(type);
    return this.#versions.get(ids[variant % ids.length] ?? '') ?? 1;
  }
}

const HOUR = 3_600_000;

let made = 0;

/**
 * Values by type, unless a recipe says better. A mutation is about the record of this number, and any other record
 * that it names is the first of its type.
 */
export function chooserFor(records: Records, variant = 0): Choose {
  return (place) => {
    const recipe = RECIPES[nameOf(place)];
    return recipe ? recipe(records) : byType(records, place, variant);
  };
}

function byType(records: Records, place: Place, variant: number): unknown {
  const { path, types, type, kind } = place;
  const named = getNamedType(type);
  const name = path.at(-1) ?? '';
  if (kind === 'id') {
    const isSubject = path.join('.') === 'input.id';
    return records.globalId(types[0] ?? 'Member', isSubject ? variant : 0);
  }
  if (isInputObjectType(named)) return undefined;
  if (isEnumType(named)) return named.getValues()[0]?.name;
  switch (named.name) {
    case 'Int':
      return name === 'expectedVersion' ? records.version(recordOf(place.field), variant) : 1;
    case 'Float':
      return 0.5;
    case 'Boolean':
      return true;
    case 'Decimal':
      return '12.5';
    case 'DateTime':
      return new Date(Date.now() + HOUR).toISOString();
    case 'Date':
      return '2026-03-02';
    default:
      made += 1;
      return `text ${made}`;
  }
}

/** `Mutation.updateMeetingKind` is about a MeetingKind. */
const recordOf = (field: string): string => field.replace(/^Mutation\.[a-z]+/, '');
