import { NamedError } from '../../database/errors.ts';

/** Thrown when a time zone is not the exact name of an IANA zone. `data`: `{ timeZone }`. */
export class UnknownTimeZone extends NamedError {
  static {
    NamedError.register('UnknownTimeZone', UnknownTimeZone);
  }
  override get stored(): boolean {
    return false;
  }
}

/** Thrown when a currency is not an ISO 4217 code, such as CNY. `data`: `{ currency }`. */
export class UnknownCurrency extends NamedError {
  static {
    NamedError.register('UnknownCurrency', UnknownCurrency);
  }
  override get stored(): boolean {
    return false;
  }
}

/** Thrown when the currency is to change although an amount is recorded in it already. `data`: `{ currency }`. */
export class CurrencyFixed extends NamedError {
  static {
    NamedError.register('CurrencyFixed', CurrencyFixed);
  }
}

/**
 * Thrown when a change is dated into a closed period, or a period is closed that is closed already.
 * `data`: `{ closedBefore }`, an ISO 8601 moment: nothing may be dated before it.
 */
export class PeriodClosed extends NamedError {
  static {
    NamedError.register('PeriodClosed', PeriodClosed);
  }
}

/** Thrown when the books are to be closed through a day that is not over yet. `data`: `{ today }`. */
export class PeriodNotOver extends NamedError {
  static {
    NamedError.register('PeriodNotOver', PeriodNotOver);
  }
}

/** Thrown when the books are to be reopened from a day that is open already. `data`: `{ closedBefore }`. */
export class PeriodNotClosed extends NamedError {
  static {
    NamedError.register('PeriodNotClosed', PeriodNotClosed);
  }
}
