import type { Json, Visibility } from '../database/event-draft.ts';

/** What happened, as every reader of the log gets it: its payload in the newest version of its shape. */
export interface LoggedEvent {
  organizationId: string;
  /** Number in the organization's log: from 1, without gaps, in the order of the commits. */
  position: number;
  /** When it was written into the log; never goes back as positions grow. */
  loggedAt: Date;
  /** When it happened by the rules: the transaction's time, or a time of the past that an import told. */
  occurredAt: Date;
  type: string;
  version: number;
  recordType: string;
  recordId: string;
  /** The record's version after it; null for what does not change a version. */
  recordVersion: number | null;
  /** The member who did it; null for the system. */
  actorId: string | null;
  payload: { [key: string]: Json };
  visibility: { before: Visibility | null; after: Visibility | null };
}
