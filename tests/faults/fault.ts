import type { World } from './world.ts';

/** Something that goes wrong while writers write and screens watch. */
export interface Fault {
  name: string;
  /** Connections of screens must have broken by it: else it did not happen. */
  breaksScreens?: true;
  /** Writes a second, in place of the run's. */
  rate?: (world: World) => number;
  /** Why it cannot be tried here; null: it can. */
  skip?: (world: World) => string | null;
  /** Lets it happen, and mends it again. Says what shows that it did happen; throws when it did not. */
  happen(world: World): Promise<string>;
}

/** How long something stays broken. */
export const BROKEN_MS = 1_500;
