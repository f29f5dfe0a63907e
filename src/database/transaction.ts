import type {
  Compilable,
  DeleteQueryBuilder,
  InsertQueryBuilder,
  SelectQueryBuilder,
  UpdateQueryBuilder,
} from 'kysely';
import { type Insertable, sql } from 'kysely';
import type { Tables } from '../generated/kysely/types.ts';
import type { Database } from './database.ts';
import type { EventDraft } from './event-draft.ts';
import { type Connection, kysely, run, runText } from './statements.ts';
import type { MemberViewer } from './viewer.ts';

/** Tables that belong to an organization: all but the organizations themselves and the epoch. */
export type OwnedTable = {
  [T in keyof Tables]: 'organizationId' extends keyof Tables[T] ? T : never;
}[keyof Tables];

export interface Opened {
  now: Date;
  revision: number;
  closedBefore: Date | null;
  position: number;
}

/**
 * A transaction that is open. Lock order, kept by every service: idempotency key (already taken), records by type,
 * then id, roll-ups by key, the organization's head, insert-only tables; the last three are taken by the end.
 */
export class Tx {
  readonly db: Database;
  readonly viewer: MemberViewer;
  readonly organizationId: string;
  /** The transaction's time, the database's: the only clock that rules may know. */
  readonly now: Date;
  /** Of what scores are derived from; see LogHead.revision. */
  readonly revision: number;
  /** Nothing may count before this moment; null: no period is closed. */
  readonly closedBefore: Date | null;
  /** The log's head when the transaction began. */
  readonly openedAt: number;
  readonly connection: Connection;
  readonly events: EventDraft[] = [];
  readonly sent: Promise<unknown>[] = [];
  /** Run once the transaction is committed, before the caller hears of it. Must not throw. */
  readonly afterCommit: (() => void)[] = [];
  bumpsRevision = false;

  constructor(db: Database, connection: Connection, viewer: MemberViewer, opened: Opened) {
    this.db = db;
    this.connection = connection;
    this.viewer = viewer;
    this.organizationId = viewer.organizationId;
    this.now = opened.now;
    this.revision = opened.revision;
    this.closedBefore = opened.closedBefore;
    this.openedAt = opened.position;
  }

  /** Runs a statement and gives its rows. */
  run<T>(query: Compilable<T>): Promise<T[]> {
    return run(this.connection, query);
  }

  /** Runs a statement and gives its first row, or null. */
  async first<T>(query: Compilable<T>): Promise<T | null> {
    const [row] = await this.run(query);
    return row ?? null;
  }

  /** Runs a statement written by hand. */
  text<T>(text: string, parameters: readonly unknown[]): Promise<T[]> {
    return runText<T>(this.connection, text, parameters);
  }

  /** Sends a write without waiting: it is awaited with the commit. Not for what something still depends on. */
  send(query: Compilable<unknown>): void {
    const sent = this.run(query);
    sent.catch(() => {}); // Awaited at the end, where it fails the transaction.
    this.sent.push(sent);
  }

  /** What happened; written by the transaction's last statement, in this order. */
  event(draft: EventDraft): void {
    this.events.push(draft);
  }

  /** Says that this transaction changes what scores are derived from: definitions, calendar, teams. */
  bumpRevision(): void {
    this.bumpsRevision = true;
  }

  /** The rows of the viewer's organization. This and its three sisters are where writes are scoped. */
  selectFrom<T extends OwnedTable>(table: T): SelectQueryBuilder<Tables, T, object> {
    const all = kysely.selectFrom(table as OwnedTable).where(this.mine(table));
    return all as unknown as SelectQueryBuilder<Tables, T, object>;
  }

  updateTable<T extends OwnedTable>(table: T): UpdateQueryBuilder<Tables, T, T, object> {
    const all = kysely.updateTable(table as OwnedTable).where(this.mine(table));
    return all as unknown as UpdateQueryBuilder<Tables, T, T, object>;
  }

  deleteFrom<T extends OwnedTable>(table: T): DeleteQueryBuilder<Tables, T, object> {
    const all = kysely.deleteFrom(table as OwnedTable).where(this.mine(table));
    return all as unknown as DeleteQueryBuilder<Tables, T, object>;
  }

  /** Rows for the viewer's organization, whatever their `organizationId` says. */
  insertInto<T extends OwnedTable>(
    table: T,
    rows: readonly Omit<Insertable<Tables[T]>, 'organizationId'>[],
  ): InsertQueryBuilder<Tables, T, object> {
    const owned = rows.map((row) => ({ ...row, organizationId: this.organizationId }));
    const all = kysely.insertInto(table as OwnedTable).values(owned as never);
    return all as unknown as InsertQueryBuilder<Tables, T, object>;
  }

  private mine(table: OwnedTable) {
    return sql<boolean>`${sql.ref(`${table}.organizationId`)} = ${this.organizationId}`;
  }
}
