/** Values that stand in the records of one organization and nowhere else. */
export interface Marks {
  /** In every text. */
  word: string;
  /** A name that says what it is, with the word; another at every call. */
  text(what: string): string;
  /** Decimal with digits of its own. */
  amount(): string;
  phone(): string;
  email(): string;
}

export function marksOf(word: string): Marks {
  let made = 0;
  const next = () => {
    made += 1;
    return made;
  };
  // Four digits that the word always gives.
  const digits =
    1_000 + ([...word].reduce((sum, char) => sum * 31 + char.charCodeAt(0), 7) % 9_000);
  return {
    word,
    text: (what) => `${what} ${word}${next()}`,
    amount: () => `${digits}${next()}.${1 + (made % 9)}7`,
    phone: () => `139${digits}${String(next()).padStart(4, '0')}`,
    email: () => `${word}${next()}@example.com`,
  };
}
