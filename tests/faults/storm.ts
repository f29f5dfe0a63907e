import { setTimeout as sleep } from 'node:timers/promises';
import type { Company, Person } from './company.ts';
import { BROKEN_MS, type Fault } from './fault.ts';
import { until } from './patience.ts';
import { TaskScreen } from './task-screen.ts';
import type { World } from './world.ts';

const PATIENCE_MS = 300_000;

/** Everybody comes at once to nodes that have just started, for what was written while none was there. */
export const stormed: Fault = {
  name: 'a storm of clients after a restart',
  breaksScreens: true,
  // Each of the many screens gets its part of every write.
  rate: ({ size }) => size.rate / 10,
  async happen(world) {
    const { size, posts, screens } = world;
    const crowd = gather(world, size.storm);
    const places = new Map<Person, string>();
    for (const screen of crowd) {
      const { person } = screen;
      const since = places.get(person) ?? (await screen.position());
      places.set(person, since);
      await screen.open(since);
    }
    screens.push(...crowd);
    const areAll = (isLive: boolean) => () => crowd.every((screen) => screen.isLive === isLive);
    await until('the crowd watches', areAll(true), PATIENCE_MS);
    await sleep(BROKEN_MS);
    await Promise.all(posts.map(({ node }) => node.kill()));
    await until('all have noticed', areAll(false), PATIENCE_MS);
    await Promise.all(posts.map((post) => world.startNode(post)));
    await until('the crowd is back', areAll(true), PATIENCE_MS);
    return `${crowd.length} clients`;
  },
};

function gather({ companies, posts }: World, count: number): TaskScreen[] {
  const people = companies.flatMap((company) =>
    company.reps.map((person): [Company, Person] => [company, person]),
  );
  return Array.from({ length: count }, (_, n) => {
    const [company, person] = people[n % people.length] as [Company, Person];
    const url = posts[n % posts.length]?.url ?? '';
    return new TaskScreen({ url, over: 'websocket', company, person });
  });
}
