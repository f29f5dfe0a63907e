import { NamedError } from '../../database/errors.ts';
import type { RequiredField } from './model.ts';

/**
 * Thrown when a stage is to be entered, or a field cleared, without what the stage asks for.
 * `data`: `{ stageId, fields }`.
 */
export class FieldsMissing extends NamedError {
  static {
    NamedError.register('FieldsMissing', FieldsMissing);
  }
  get fields(): RequiredField[] {
    return this.data.fields as RequiredField[];
  }
  get stageId(): string {
    return this.data.stageId as string;
  }
}

/** Thrown when an opportunity is to be won and neither a won amount is given nor an expected amount known. */
export class AmountUnknown extends NamedError {
  static {
    NamedError.register('AmountUnknown', AmountUnknown);
  }
}

/**
 * Thrown when something is dated before what it follows (the opening, the last change of stage) or in the future.
 * `data`: `{ earliest, latest }`, ISO 8601; `earliest` null: any past moment will do.
 */
export class MomentOutOfRange extends NamedError {
  static {
    NamedError.register('MomentOutOfRange', MomentOutOfRange);
  }
  get earliest(): Date | null {
    return typeof this.data.earliest === 'string' ? new Date(this.data.earliest) : null;
  }
  get latest(): Date {
    return new Date(this.data.latest as string);
  }
}

/**
 * Thrown when a funnel would be left without exactly one WON stage, at least one LOST and one OPEN stage, or with two
 * stages of one name, or when the kind of an existing stage is to change.
 */
export class StagesInvalid extends NamedError {
  static {
    NamedError.register('StagesInvalid', StagesInvalid);
  }
  override get stored(): boolean {
    return false;
  }
}

/** Thrown for an imported opportunity whose stages contradict what is already recorded. `data`: `{ externalId }`. */
export class HistoryDiffers extends NamedError {
  static {
    NamedError.register('HistoryDiffers', HistoryDiffers);
  }
}
