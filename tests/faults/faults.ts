import { setTimeout as sleep } from 'node:timers/promises';
import type { World } from './world.ts';

/** Something that goes wrong while writers write and screens watch. */
export interface Fault {
  name: string;
  /** Lets it happen, and mends it again. Says what shows that it did happen; throws when it did not. */
  happen(world: World): Promise<string>;
}

/** How long writers write between one blow and the next. */
const BREATH_MS = 1_500;

const killed: Fault = {
  name: 'kill -9 of a node',
  async happen(world) {
    const { size, random, posts } = world;
    for (let round = 0; round < size.kills; round += 1) {
      await sleep(BREATH_MS);
      const post = random.pick(posts);
      await post.node.kill();
      await sleep(BREATH_MS);
      await world.startNode(post);
    }
    return `${size.kills} rounds`;
  },
};

export const FAULTS: readonly Fault[] = [killed];
