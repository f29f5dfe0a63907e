/** What every connection of ours carries beside edges and pageInfo. */
export interface ConnectionExtras {
  /** Called only when the client asks for it. */
  totalCount: () => Promise<number>;
  /** The log cursor that was read before the rows; for connections of records with a live stream. */
  position?: string;
}
