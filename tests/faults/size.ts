/** How much of everything a run has. */
export interface Size {
  companies: number;
  /** Who writes and competes, in each. */
  people: number;
  /** Writers at a time, in each. */
  writers: number;
  /** Writes a second, of all together. */
  rate: number;
  /** Screens that watch throughout. */
  screens: number;
  /** Screens that come at once after a restart. */
  storm: number;
  /** Rounds of `kill -9`. */
  kills: number;
  /** How long clients stay frozen. */
  freezeMs: number;
  /** How long a node that stops says so, and then how long it takes to close its sockets. */
  drainMs: number;
}

/** For every change. */
export const SHORT: Size = {
  companies: 2,
  people: 4,
  writers: 3,
  rate: 30,
  screens: 40,
  storm: 500,
  kills: 2,
  freezeMs: 5_000,
  drainMs: 1_000,
};

/** Before a release. */
export const LONG: Size = {
  companies: 20,
  people: 5,
  writers: 3,
  rate: 200,
  screens: 500,
  storm: 5_000,
  kills: 20,
  freezeMs: 30_000,
  drainMs: 5_000,
};
