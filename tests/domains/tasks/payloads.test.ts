import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { EventDraft } from '../../../src/database/event-draft.ts';
import * as events from '../../../src/domains/tasks/events.ts';
import type { LockedTask } from '../../../src/domains/tasks/model.ts';

const id = (n: number) => `01990000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const at = (minute: number) => new Date(Date.UTC(2026, 2, 4, 8, minute));

const task: LockedTask = {
  id: id(1),
  version: 3,
  title: '准备投标书',
  description: '按模板',
  status: 'OPEN',
  priority: 'HIGH',
  difficulty: 'HARD',
  importance: 'MAJOR',
  dueAt: at(59),
  assigneeId: id(2),
  creatorId: id(3),
  customerId: id(4),
  opportunityId: null,
  meetingId: null,
  completedAt: null,
  createdAt: at(0),
  updatedAt: at(1),
  watcherIds: [id(5)],
};
const after = (change: Partial<LockedTask>): LockedTask => ({
  ...task,
  ...{ version: 4, updatedAt: at(30) },
  ...change,
});

const written: EventDraft[] = [
  events.taskCreated({ ...task, version: 1 }),
  events.taskUpdated(task, after({ priority: 'LOW', dueAt: null }), ['priority', 'dueAt', 'title']),
  events.taskAssigned(task, after({ assigneeId: null })),
  events.taskMoved('START', task, after({ status: 'IN_PROGRESS' })),
  events.taskCompleted(task, after({ status: 'DONE', completedAt: at(30) }), id(3)),
  events.taskMoved('REOPEN', { ...task, status: 'DONE' }, after({})),
  events.taskMoved('CANCEL', task, after({ status: 'CANCELLED' })),
  events.taskWatched(task, after({ watcherIds: [id(5), id(6)] }), id(6), true),
  events.taskWatched(task, after({ watcherIds: [] }), id(5), false),
  events.taskItemChecked(task, after({}), id(7), true),
  events.taskCommented(task, id(8)),
];

/** Every version ever written, as the log holds it (`stored`) and as it is read today (`current`). */
const sample = (type: string, version: number) =>
  new URL(`../../events/samples/${type}@${version}.json`, import.meta.url);

test.each(written.map((event) => [event.type, event] as const))(
  '%s: what is written today is what stored samples of all versions are read as',
  (type, event) => {
    for (let version = 1; version <= event.version; version += 1) {
      const file = sample(type, version);
      expect(existsSync(file), `${file.pathname} is missing`).toBe(true);
      const { stored, current } = JSON.parse(readFileSync(file, 'utf8'));
      expect(current).toEqual(event.payload);
      // A changed payload is a new version with an upcaster: the sample of the old one stays.
      if (version === event.version) expect(stored).toEqual(event.payload);
    }
  },
);

test('no payload tells a text', () => {
  for (const { payload } of written) expect(JSON.stringify(payload)).not.toMatch(/投标|模板/);
});
