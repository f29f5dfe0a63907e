/** A field of a scoring event's payload that a metric's condition or value may read. */
export interface ScoringField {
  /** `amount` and `number` may be a metric's value; all may stand in its condition. */
  kind: 'amount' | 'number' | 'choice' | 'id' | 'text' | 'boolean';
  description: string;
}

/**
 * An event that scores can be made of, as its domain declares it. Its payload, and that of every event that restates
 * it, has `memberId` (whose score), `countsAt` (ISO 8601: whose period it belongs to) and the declared fields; both
 * and the reversing events may have `subject`, when one record can score several times (a meeting, once for each who
 * attended): what a reversal or restatement finds the earlier score by. Default: the record's id.
 *
 * A record scores by this event at most once until it is reversed; that is the domain's to guarantee, by its states.
 */
export interface ScoringEvent {
  type: string;
  description: string;
  fields: Record<string, ScoringField>;
  /**
   * Events with the same payload that say the value anew (amount corrected, attendance corrected): the difference is
   * written, and counts at the moment of the original.
   */
  restatedBy: readonly string[];
  /** Events that take the score back. */
  reversedBy: readonly string[];
}

const declared = new Map<string, ScoringEvent>();
const placed = new Set<string>();
const reversing = new Set<string>();

/** Called by a domain's metrics.ts when it is loaded. */
export function declareScoringEvent(event: ScoringEvent): void {
  declared.set(event.type, event);
  for (const type of [event.type, ...event.restatedBy]) placed.add(type);
  for (const type of event.reversedBy) reversing.add(type);
}

export const scoringEvents = (): ReadonlyMap<string, ScoringEvent> => declared;

/** Whether payloads of this type say whose score it is, and so get the team path written in. */
export const saysWhose = (type: string): boolean => placed.has(type);

/** Whether events of this type take back scores that others made. */
export const takesBack = (type: string): boolean => reversing.has(type);
