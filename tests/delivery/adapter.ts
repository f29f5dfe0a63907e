/** What the delivery kit must know of a server: where it answers, one history that it tells, and how to make it happen. */
export interface DeliveryAdapter {
  /** Where each node of the server answers GraphQL; the kit goes from one to the other. */
  urls: readonly string[];
  /** A subscription that takes `$since`, and says with every item where it stands. */
  document: string;
  /** The same with items of some 500 KB after a `change(true)`, so that the buffers of sockets fill up soon. */
  heavyDocument: string;
  /** What the client sends to say who it is. */
  token: string;
  /** One change that a subscriber hears of as one item; resolves, when it is committed, to the item's key. */
  change(isHeavy?: boolean): Promise<string>;
  /** Where the history stands now, as a first `since`. */
  position(): Promise<string>;
  read(data: unknown): DeliveredItem;
  /** A new token for the same person, and what ends it. */
  passing(): Promise<{ token: string; revoke(): Promise<void> }>;
  /** A new token for the same person that ends by itself, some seconds from now. */
  expiring(): Promise<string>;
  /**
   * Stops a node, by its place in `urls`, as an operator does who lets it finish; calls `meanwhile` when it has gone, and
   * starts another in its place, on the same url.
   */
  replace(node: number, meanwhile: () => Promise<void>): Promise<void>;
  /** How many items wait for a slow subscriber at most. */
  mailbox: number;
}

export interface DeliveredItem {
  /** What `change` gave; null for a reset. */
  key: string | null;
  cursor: string;
  reset: string | null;
}
