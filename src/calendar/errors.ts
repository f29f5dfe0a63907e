/**
 * Everything that the calendar can refuse. All are `RangeError`s, so that a caller who does not care
 * for the difference catches one class; `name` is stable and may be shown to clients.
 */
export abstract class CalendarError extends RangeError {}

/** Thrown when a time zone is not the exact name of an IANA zone that this runtime knows. */
export class InvalidTimeZone extends CalendarError {
  override readonly name = 'InvalidTimeZone';
  readonly timeZone: string;

  constructor(timeZone: string) {
    super(
      `"${clip(timeZone)}" is not an IANA time zone; give its exact name, such as Asia/Shanghai.`,
    );
    this.timeZone = timeZone;
  }
}

/** Thrown when a calendar setting other than the zone lies outside its bounds. */
export class InvalidCalendarSetting extends CalendarError {
  override readonly name = 'InvalidCalendarSetting';
  readonly setting: string;

  constructor(setting: string, lowest: number, highest: number, given: unknown) {
    super(
      `${setting} must be a whole number from ${lowest} to ${highest}, not ${clip(String(given))}.`,
    );
    this.setting = setting;
  }
}

/** Thrown when a weekend names what is no day of the week, or leaves no day to work. */
export class InvalidWeekend extends CalendarError {
  override readonly name = 'InvalidWeekend';

  constructor() {
    super('A weekend has up to six days of the week, 1 (Monday) to 7 (Sunday).');
  }
}

/** Thrown when settings would change more often than the calendar remembers. */
export class TooManyChanges extends CalendarError {
  override readonly name = 'TooManyChanges';

  constructor(most: number) {
    super(`The settings change at most ${most} times; take back an earlier change first.`);
  }
}

/** Thrown when a text is not a day of the calendar, such as "2017-2-3" or "2017-02-29". */
export class InvalidDate extends CalendarError {
  override readonly name = 'InvalidDate';

  constructor(given: unknown) {
    super(`"${clip(String(given))}" is not a date; write an existing day as YYYY-MM-DD.`);
  }
}

/** Thrown when a day or an instant lies outside the years 1900 to 2200. */
export class DateOutOfRange extends CalendarError {
  override readonly name = 'DateOutOfRange';

  constructor(given: string) {
    super(`${clip(given)} is out of range; dates lie in the years 1900 to 2200.`);
  }
}

/** Thrown when a period cannot be understood: an unknown name or unit, or one that ends before it begins. */
export class InvalidPeriod extends CalendarError {
  override readonly name = 'InvalidPeriod';
}

/** Thrown when a period would be cut into more buckets than are allowed. */
export class TooManyBuckets extends CalendarError {
  override readonly name = 'TooManyBuckets';

  constructor(label: string, unit: string, most: number) {
    super(
      `${label} has more than ${most} buckets of ${unit}: take a shorter period or a larger unit.`,
    );
  }
}

/** Thrown when a period cannot be put together from whole buckets of the grains that were offered. */
export class GrainsDoNotFit extends CalendarError {
  override readonly name = 'GrainsDoNotFit';

  constructor(label: string, grains: readonly string[]) {
    super(`${label} is not made of whole buckets of ${grains.join(', ') || 'nothing'}.`);
  }
}

/** Hostile input comes back in the message, so never more than a line of it. */
const clip = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}...` : text);
