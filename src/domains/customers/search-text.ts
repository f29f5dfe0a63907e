import { crc32 } from 'node:zlib';
import { InvalidInput } from '../../database/errors.ts';

/** What a search may be: characters, and words or numbers divided by spaces. */
export const SEARCH_LIMIT = 100;
export const SEARCH_TERMS_LIMIT = 8;

/** What of a customer is searched: names of the customer and its contacts, phones of both. */
export interface Searchable {
  names: readonly string[];
  phones: readonly string[];
}

/** A customer as the search sees it: `grams` leads to candidates, `text` decides. */
export interface SearchIndex {
  grams: string[];
  text: string;
}

/** One thing that must be found: a customer is found when its text contains one of `texts`. It then has every gram. */
export interface SearchTerm {
  grams: string[];
  texts: string[];
}

const SPACE_BETWEEN_HAN = /(?<=\p{Script=Han}) (?=\p{Script=Han})/gu;
const DIGIT_RUN = /\d{3,}/g;
const DIGITS = /^\d{3,}$/;
const PHONE_LIKE = /^[\d\s()+./-]+$/;

/** Folds width, case and spaces: what looks the same to a reader compares the same. */
const fold = (text: string): string =>
  text.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim();

/** A name as it is searched; between Chinese characters, spaces are decoration. */
export const foldName = (name: string): string => fold(name).replace(SPACE_BETWEEN_HAN, '');

export function foldPhone(phone: string): string {
  return phone.normalize('NFKC').replace(/\D/g, '');
}

export function searchIndex({ names, phones }: Searchable): SearchIndex {
  const lines = [...new Set(names.map(foldName))];
  const numbers = [...new Set(phones.map(foldPhone))];
  const grams = new Set<string>();
  for (const line of lines) {
    addNameGrams(line, grams);
    for (const [run] of line.matchAll(DIGIT_RUN)) addDigitGrams(run, grams);
  }
  for (const number of numbers) addDigitGrams(number, grams);
  // Line breaks keep a term from matching across. Sorted: equal content is an equal row, and the text alone tells
  // whether the grams are still right.
  const text = [...lines.sort(), ...numbers.map(widen).sort()].filter(Boolean).join('\n');
  return { grams: [...grams].sort(), text };
}

/** Full-width digits, which folded names never have: one or two digits are looked for in names only. */
const widen = (digits: string): string =>
  digits.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));

/**
 * Grams as they are indexed: a number for each gram of each organization, so that a search never meets another
 * organization's entries. Two grams may share a number; the text decides.
 */
export function hashGrams(organizationId: string, grams: readonly string[]): number[] {
  const seed = crc32(organizationId);
  return grams.map((gram) => crc32(gram, seed) | 0);
}

/** Each character and each two neighbours; a space is a border. */
function addNameGrams(line: string, grams: Set<string>): void {
  for (const word of line.split(' ')) {
    const characters = [...word];
    characters.forEach((character, index) => {
      grams.add(character);
      const next = characters[index + 1];
      if (next !== undefined) grams.add(character + next);
    });
  }
}

/** Each three and each four neighbouring digits. */
function addDigitGrams(digits: string, grams: Set<string>): void {
  for (const length of [3, 4]) {
    for (let at = 0; at + length <= digits.length; at++) grams.add(digits.slice(at, at + length));
  }
}

/**
 * What a search asks for: all of its terms must be found, each in one name or one phone. Digits that only spaces and
 * phone signs divide are one number. None for a search without characters.
 *
 * Throws InvalidInput above 100 characters or 8 terms.
 */
export function searchTerms(search: string): SearchTerm[] {
  const folded = fold(search);
  const refuse = (message: string) => new InvalidInput(message, { path: ['search'] });
  if ([...folded].length > SEARCH_LIMIT) {
    throw refuse(`A search has at most ${SEARCH_LIMIT} characters.`);
  }
  if (PHONE_LIKE.test(folded)) {
    const digits = foldPhone(folded.replace(/^(\+|00)86/, ''));
    if (DIGITS.test(digits)) return [termOf(digits)];
  }
  const words = [...new Set(folded.split(' '))].filter((word) => word !== '');
  if (words.length > SEARCH_TERMS_LIMIT) {
    throw refuse(`A search has at most ${SEARCH_TERMS_LIMIT} words.`);
  }
  return words.map(termOf);
}

function termOf(text: string): SearchTerm {
  const grams = new Set<string>();
  if (DIGITS.test(text)) {
    const length = Math.min(text.length, 4);
    for (let at = 0; at + length <= text.length; at++) grams.add(text.slice(at, at + length));
  } else if ([...text].length === 1) {
    grams.add(text);
  } else {
    addNameGrams(text, grams);
    for (const gram of grams) if ([...gram].length === 1) grams.delete(gram);
  }
  return { grams: [...grams], texts: DIGITS.test(text) ? [text, widen(text)] : [text] };
}

/** For LIKE: what would be a wildcard stands for itself. */
export function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
