/** Whose data scopes cover a record, and who reaches it by watching. */
export interface Visibility {
  /** Members whose records these are (owner, assignee, creator): visible to whoever's data scope covers one of them. */
  owners: string[];
  /** Members who see it whatever their data scope: watchers, invited. */
  watchers?: string[];
}

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** An event on its way into the log. Payloads hold ids, enums, amounts and times; never personal text. */
export interface EventDraft {
  /** `opportunity.won`: the record's type and what happened to it, in the past tense. */
  type: string;
  /** Of the payload's shape, from 1. */
  version: number;
  recordType: string;
  recordId: string;
  recordVersion: number | null;
  payload: { [key: string]: Json };
  /** `before` null: the record is new; `after` null: it is gone; both null: everybody in the organization. */
  visibility: { before: Visibility | null; after: Visibility | null };
  /** Default: the viewer. */
  actorId?: string | null;
  /** Default: the transaction's time. An import tells the real time of the past. */
  occurredAt?: Date;
}
