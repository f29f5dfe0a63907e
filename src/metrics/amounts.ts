/** Exact arithmetic on `numeric(20,4)`: amounts as whole ten-thousandths. */

export type Units = bigint;

const SCALE = 10_000n;

/** `"12.5"` is 125000n. More than four decimals are refused: they would have been rounded. */
export function toUnits(amount: string): Units {
  const match = /^(-?)(\d+)(?:\.(\d{1,4})0*)?$/.exec(amount);
  if (!match) throw new RangeError(`"${amount}" is not a decimal with at most four places`);
  const [, sign, whole = '0', fraction = ''] = match;
  const units = BigInt(whole) * SCALE + BigInt(fraction.padEnd(4, '0'));
  return sign ? -units : units;
}

export function fromUnits(units: Units): string {
  const absolute = units < 0n ? -units : units;
  const fraction = (absolute % SCALE).toString().padStart(4, '0').replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${absolute / SCALE}${fraction ? `.${fraction}` : ''}`;
}
