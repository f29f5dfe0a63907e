/** Thrown at the start for a setting that cannot be used: one sentence with its name, what was given and what may be. */
export class SettingsError extends Error {
  override name = 'SettingsError';
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads single variables; one that is empty counts as not set. */
export function readerOf(environment: Environment) {
  const given = (name: string): string | null => environment[name]?.trim() || null;

  const refuse = (name: string, allowed: string): never => {
    throw new SettingsError(`${name} is "${given(name)}": it must be ${allowed}.`);
  };

  return {
    given,
    refuse,

    /** A whole number; both ends are allowed. */
    integer(name: string, fallback: number, least: number, most: number): number {
      const text = given(name);
      if (text === null) return fallback;
      const value = /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN;
      if (value >= least && value <= most) return value;
      return refuse(name, `a whole number from ${least} to ${most}`);
    },

    flag(name: string, fallback: boolean): boolean {
      const text = given(name)?.toLowerCase() ?? null;
      if (text === null) return fallback;
      if (text === '1' || text === 'true') return true;
      if (text === '0' || text === 'false') return false;
      return refuse(name, '1 or 0');
    },

    choice<const Choice extends string>(
      name: string,
      fallback: Choice,
      choices: readonly Choice[],
    ): Choice {
      const text = given(name);
      if (text === null) return fallback;
      return (
        choices.find((choice) => choice === text) ?? refuse(name, `one of ${choices.join(', ')}`)
      );
    },

    /** Text of which every character matches. */
    text(name: string, fallback: string, pattern: RegExp, allowed: string): string {
      const text = given(name);
      if (text === null) return fallback;
      return pattern.test(text) ? text : refuse(name, allowed);
    },

    /** The address of a server; null when not set. */
    webAddress(name: string): string | null {
      const text = given(name);
      if (text === null) return null;
      const url = URL.canParse(text) ? new URL(text) : null;
      if (url && /^https?:$/.test(url.protocol)) return text;
      return refuse(name, 'an http or https address, such as http://127.0.0.1:4318');
    },

    /** Origins as browsers send them, separated by commas. */
    origins(name: string): readonly string[] {
      const entries = (given(name) ?? '').split(',').map((entry) => entry.trim());
      return entries
        .filter((entry) => entry !== '')
        .map((entry) => {
          const url = URL.canParse(entry) ? new URL(entry) : null;
          if (url && url.origin === entry && /^https?:$/.test(url.protocol)) return entry;
          return refuse(name, 'origins separated by commas, such as https://wall.example.com');
        });
    },
  };
}
