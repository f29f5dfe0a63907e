import { describe, expect, it } from 'vitest';
import { isCalendarDate } from '../../src/calendar/days.ts';
import { dayOf, endOfDay, noonOf, startOfDay } from '../../src/calendar/periods.ts';
import { checkCalendarSettings, DEFAULT_CALENDAR_SETTINGS } from '../../src/calendar/settings.ts';
import { isTimeZone } from '../../src/calendar/zones.ts';

const inZone = (timeZone: string) => ({ ...DEFAULT_CALENDAR_SETTINGS, timeZone });
const hoursOf = (timeZone: string, day: string) =>
  (endOfDay(inZone(timeZone), day).getTime() - startOfDay(inZone(timeZone), day).getTime()) /
  3_600_000;

describe('a day', () => {
  it('has 23 hours when the clock goes forward and 25 when it goes back', () => {
    expect(hoursOf('America/Los_Angeles', '2017-03-12')).toBe(23);
    expect(hoursOf('America/Los_Angeles', '2017-11-05')).toBe(25);
    expect(hoursOf('America/Los_Angeles', '2017-11-06')).toBe(24);
    expect(startOfDay(inZone('America/Los_Angeles'), '2017-03-13').toISOString()).toBe(
      '2017-03-13T07:00:00.000Z',
    );
  });

  it('begins at 01:00 where the clock skips midnight', () => {
    const saoPaulo = inZone('America/Sao_Paulo');
    expect(startOfDay(saoPaulo, '2018-11-04').toISOString()).toBe('2018-11-04T03:00:00.000Z');
    expect(hoursOf('America/Sao_Paulo', '2018-11-04')).toBe(23);
    expect(dayOf(saoPaulo, new Date('2018-11-04T02:59:59.999Z'))).toBe('2018-11-03');
    expect(dayOf(saoPaulo, new Date('2018-11-04T03:00:00Z'))).toBe('2018-11-04');
  });

  it('keeps both of the hours that begin at midnight when the clock goes back to it', () => {
    expect(hoursOf('America/Havana', '2017-11-05')).toBe(25);
    expect(dayOf(inZone('America/Havana'), new Date('2017-11-05T05:30:00Z'))).toBe('2017-11-05');
  });

  it('follows the summer time that China had from 1986 to 1991', () => {
    const shanghai = inZone('Asia/Shanghai');
    expect(startOfDay(shanghai, '1986-07-01').toISOString()).toBe('1986-06-30T15:00:00.000Z');
    expect(startOfDay(shanghai, '1991-07-01').toISOString()).toBe('1991-06-30T15:00:00.000Z');
    expect(startOfDay(shanghai, '1992-07-01').toISOString()).toBe('1992-06-30T16:00:00.000Z');
    expect(hoursOf('Asia/Shanghai', '1986-05-04')).toBe(23);
    expect(hoursOf('Asia/Shanghai', '1986-09-14')).toBe(25);
    expect(dayOf(shanghai, new Date('1988-07-01T15:30:00Z'))).toBe('1988-07-02');
  });

  it('is empty where the zone skipped it', () => {
    const apia = inZone('Pacific/Apia');
    expect(hoursOf('Pacific/Apia', '2011-12-30')).toBe(0);
    expect(startOfDay(apia, '2011-12-30').toISOString()).toBe('2011-12-30T10:00:00.000Z');
    expect(dayOf(apia, new Date('2011-12-30T09:59:59.999Z'))).toBe('2011-12-29');
    expect(dayOf(apia, new Date('2011-12-30T10:00:00Z'))).toBe('2011-12-31');
    expect(dayOf(apia, noonOf(apia, '2011-12-30'))).toBe('2011-12-31');
  });

  it('does not overlap the one before where the clock goes back across midnight', () => {
    const stJohns = inZone('America/St_Johns');
    expect(hoursOf('America/St_Johns', '2010-11-06')).toBe(24);
    expect(hoursOf('America/St_Johns', '2010-11-07')).toBe(25);
    expect(dayOf(stJohns, new Date('2010-11-07T03:10:00Z'))).toBe('2010-11-07');
  });

  it('has its noon where the clock reads twelve', () => {
    expect(noonOf(inZone('Asia/Shanghai'), '2017-11-03').toISOString()).toBe(
      '2017-11-03T04:00:00.000Z',
    );
    expect(noonOf(inZone('America/Los_Angeles'), '2017-03-12').toISOString()).toBe(
      '2017-03-12T19:00:00.000Z',
    );
  });
});

describe('hostile days', () => {
  const utc = DEFAULT_CALENDAR_SETTINGS;

  it.each(['0000-01-01', '0001-01-01', '1899-12-31', '2201-01-01', '9999-12-31'])(
    '%s is out of range',
    (day) => {
      expect(() => startOfDay(utc, day)).toThrow(
        expect.objectContaining({ name: 'DateOutOfRange' }),
      );
      expect(isCalendarDate(day)).toBe(false);
    },
  );

  it.each([
    '',
    '2017-2-3',
    '2017-02-29',
    '2017-02-30',
    '2017-13-01',
    '2017-00-10',
    '2017-11-03T00:00:00Z',
    ' 2017-11-03',
    '2017-11-03\n',
    '+012017-11-03',
    '二〇一七-11-03',
  ])('%j is not a date', (day) => {
    expect(() => noonOf(utc, day)).toThrow(expect.objectContaining({ name: 'InvalidDate' }));
    expect(isCalendarDate(day)).toBe(false);
  });

  it('takes the first and the last day of the range, and a leap day', () => {
    for (const day of ['1900-01-01', '2200-12-31', '2016-02-29', '2000-02-29']) {
      expect(dayOf(utc, startOfDay(utc, day))).toBe(day);
      expect(isCalendarDate(day)).toBe(true);
    }
  });

  it.each(['Asia/Shanghai', 'Pacific/Kiritimati', 'America/Los_Angeles'])(
    'refuses instants by the day they are in %s',
    (timeZone) => {
      const zone = inZone(timeZone);
      const first = startOfDay(zone, '1900-01-01').getTime();
      const beyond = endOfDay(zone, '2200-12-31').getTime();
      expect(dayOf(zone, new Date(first))).toBe('1900-01-01');
      expect(dayOf(zone, new Date(beyond - 1))).toBe('2200-12-31');
      for (const instant of [first - 1, beyond, -8.64e15, 8.64e15, Number.NaN]) {
        expect(() => dayOf(zone, new Date(instant))).toThrow(
          expect.objectContaining({ name: 'DateOutOfRange' }),
        );
      }
    },
  );

  it('repeats no more than a line of what it refuses', () => {
    expect(() => startOfDay(utc, 'x'.repeat(1_000_000))).toThrow(/^.{1,150}$/);
  });
});

describe('settings', () => {
  it('know a zone by its exact IANA name', () => {
    for (const name of [
      'Asia/Shanghai',
      'UTC',
      'America/Argentina/Buenos_Aires',
      'Asia/Calcutta',
    ]) {
      expect(isTimeZone(name), name).toBe(true);
    }
    for (const name of [
      '',
      'asia/shanghai',
      '+08:00',
      '-05',
      'Z',
      'UTC+8',
      'Mars/Olympus',
      '上海',
    ]) {
      expect(isTimeZone(name), name).toBe(false);
    }
  });

  it('refuse an unknown zone by name, also where they were never checked', () => {
    const named = expect.objectContaining({ name: 'InvalidTimeZone', timeZone: 'Asia/Shangai' });
    expect(() => checkCalendarSettings(inZone('Asia/Shangai'))).toThrow(named);
    expect(() => dayOf(inZone('Asia/Shangai'), new Date(0))).toThrow(named);
    expect(() => dayOf(inZone('Asia/Shangai'), new Date(0))).toThrow(RangeError);
  });

  it.each([
    ['firstDayOfWeek', 0],
    ['firstDayOfWeek', 8],
    ['fiscalMonthEnd', 0],
    ['fiscalMonthEnd', 32],
    ['fiscalMonthEnd', 25.5],
    ['fiscalYearStartMonth', 13],
    ['fiscalYearStartMonth', Number.NaN],
  ])('refuse %s = %d', (setting, value) => {
    expect(() => checkCalendarSettings({ ...DEFAULT_CALENDAR_SETTINGS, [setting]: value })).toThrow(
      expect.objectContaining({ name: 'InvalidCalendarSetting', setting }),
    );
  });

  it('are handed back without what does not belong to them', () => {
    const stored = { ...inZone('Asia/Shanghai'), fiscalMonthEnd: 25, organizationId: 'x' };
    expect(checkCalendarSettings(stored)).toEqual({
      timeZone: 'Asia/Shanghai',
      firstDayOfWeek: 1,
      fiscalMonthEnd: 25,
      fiscalYearStartMonth: 1,
    });
  });
});
