/** What groups are open, for metrics and for tests that prove that nothing is left. */
export interface OpenGroups {
  groups: number;
  /** What they read: fewer than groups, where several read the same. */
  sources: number;
  members: number;
  /** Members of the largest group. */
  largest: number;
}

/** What groups have done since the process began. */
export interface GroupFigures {
  /** Answers made; each is one execution and one serialisation. */
  executions: number;
  /** Answers handed to members. */
  frames: number;
  /** Of those answers in JSON, without what a transport puts around them. */
  bytes: number;
  /** Answers that a member was too slow for, and did not get. */
  conflated: number;
  /** Answers that began anew for members who were too slow. */
  skipped: number;
  /** Answers that began anew for members whose rights had changed. */
  rightsChanged: number;
  /** Members whose rights were read again. */
  checks: number;
}

export type HubCounts = OpenGroups & GroupFigures;

export const noFigures = (): GroupFigures => ({
  executions: 0,
  frames: 0,
  bytes: 0,
  conflated: 0,
  skipped: 0,
  rightsChanged: 0,
  checks: 0,
});
