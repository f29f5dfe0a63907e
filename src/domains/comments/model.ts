/** A text that somebody wrote about a record. The text stays out of the event log. */
export interface Comment {
  id: string;
  version: number;
  recordType: string;
  recordId: string;
  authorId: string;
  /** 1 to 10,000 characters. */
  body: string;
}
