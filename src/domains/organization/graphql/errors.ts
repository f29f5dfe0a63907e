import { errorType } from '../../../api/errors.ts';
import type { NamedError } from '../../../database/errors.ts';
import {
  CurrencyFixed,
  PeriodClosed,
  PeriodNotClosed,
  PeriodNotOver,
  UnknownCurrency,
  UnknownTimeZone,
} from '../errors.ts';

const textOf = ({ data }: NamedError, name: string): string | null => {
  const value = data[name];
  return typeof value === 'string' ? value : null;
};

const momentOf = (error: NamedError, name: string): Date | null => {
  const text = textOf(error, name);
  return text === null ? null : new Date(text);
};

errorType(UnknownTimeZone, {
  description: 'The time zone is not the exact name of an IANA zone, such as Asia/Shanghai.',
});
errorType(UnknownCurrency, {
  description: 'The currency is not an ISO 4217 code in capitals, such as CNY.',
});
errorType(CurrencyFixed, {
  description: 'The currency can no longer change: amounts are recorded in it.',
  fields: (t) => ({
    currency: t.string({
      nullable: true,
      description: 'The currency that stays.',
      resolve: (error) => textOf(error, 'currency'),
    }),
  }),
});
errorType(PeriodClosed, {
  description: 'The moment lies in a closed period, or that period is closed already.',
  fields: (t) => ({
    closedBefore: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Nothing may be dated before this moment.',
      resolve: (error) => momentOf(error, 'closedBefore'),
    }),
  }),
});
errorType(PeriodNotOver, {
  description: 'Only days that are over can be closed.',
  fields: (t) => ({
    today: t.field({
      type: 'Date',
      nullable: true,
      description: "The present day in the organization's zone, which is the first that cannot.",
      resolve: (error) => textOf(error, 'today'),
    }),
  }),
});
errorType(PeriodNotClosed, {
  description: 'The day is open already, so that there is nothing to reopen.',
  fields: (t) => ({
    closedBefore: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'What lies before this moment is closed; null: nothing is.',
      resolve: (error) => momentOf(error, 'closedBefore'),
    }),
  }),
});
