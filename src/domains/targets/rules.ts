import { Decimal } from 'decimal.js';
import { InvalidInput, NotAllowed } from '../../database/errors.ts';
import type { MemberViewer } from '../../database/viewer.ts';
import type { Contestant } from './model.ts';

/** Judged before anything is read. Who belongs to the data scope is judged inside the transaction. */
export function maySetTargets(viewer: MemberViewer, contestant: Contestant): void {
  if (viewer.role === 'ADMIN') return;
  if (viewer.role !== 'MANAGER') {
    throw new NotAllowed('Targets are set by administrators and by managers for their people.');
  }
  if (contestant.type === 'Member' && contestant.id === viewer.memberId) {
    throw new NotAllowed('Nobody but an administrator sets a target for himself.', {
      path: ['input', 'contestantId'],
    });
  }
}

const LARGEST = new Decimal('9999999999999999.9999');

/** A target as it is kept: exact, without trailing zeros. Throws InvalidInput below 0 and for what numeric(20,4) cannot hold. */
export function requireValue(value: string): string {
  const path = ['input', 'value'];
  if (!/^-?\d{1,40}(\.\d{1,40})?$/.test(value)) {
    throw new InvalidInput('A target is a decimal number, such as "120000.50".', { path });
  }
  const number = new Decimal(value);
  if (number.isNegative() && !number.isZero()) {
    throw new InvalidInput('A target is not negative.', { path });
  }
  if (number.greaterThan(LARGEST) || number.decimalPlaces() > 4) {
    throw new InvalidInput('A target has at most 16 digits before and 4 after the point.', {
      path,
    });
  }
  return number.abs().toFixed();
}
