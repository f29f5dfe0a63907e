import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Conflict, InvalidInput, NotAllowed } from '../../../src/database/errors.ts';
import { createMeetingKind, updateMeetingKind } from '../../../src/domains/meetings/kinds.ts';
import { type MeetingsWorld, meetingsWorld } from './support.ts';

let { db, admin, leader, kind, read, schedule } = {} as MeetingsWorld;

beforeAll(async () => {
  ({ db, admin, leader, kind, read, schedule } = await meetingsWorld());
});
afterAll(() => db.close());

describe('kinds', () => {
  test('belong to the administrator', async () => {
    const viewer = await leader.viewer();
    expect(() => createMeetingKind(db, viewer, { name: '私会' })).toThrow(NotAllowed);
    const { id, version } = await kind('WEEKLY');
    const change = { id, expectedVersion: version, name: '周会' };
    expect(() => updateMeetingKind(db, viewer, change)).toThrow(NotAllowed);
    expect((await kind('WEEKLY')).name).toBe('周例会');
  });

  test('a key is taken once: twins at once make one', async () => {
    const viewer = await admin.viewer();
    const twins = await Promise.allSettled(
      Array.from({ length: 5 }, () =>
        createMeetingKind(db, viewer, { name: '启动会', key: 'KICK_OFF' }),
      ),
    );
    expect(twins.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refused = twins.find(({ status }) => status === 'rejected');
    expect(refused).toMatchObject({
      reason: { name: 'AlreadyExists', inputPath: ['input', 'key'] },
    });
  });

  test('changes are kept, the same again is none, meetings stay as they are', async () => {
    const viewer = await admin.viewer();
    const meeting = await schedule(leader, { kindId: (await kind('COACHING')).id });
    const { id } = await kind('COACHING');
    const settings = {
      id,
      name: '一对一辅导',
      usualTime: '16:00',
      agenda: [{ topic: '演练', minutes: 30 }],
      defaultMinutes: 30,
      rhythm: null,
    };
    const changed = await updateMeetingKind(db, viewer, { ...settings, expectedVersion: 1 });
    expect(changed.version).toBe(2);
    const same = await updateMeetingKind(db, viewer, { ...settings, expectedVersion: 2 });
    expect(same.version).toBe(2);
    expect(await kind('COACHING')).toMatchObject({
      name: '一对一辅导',
      rhythm: null,
      usualTime: '16:00',
      defaultMinutes: 30,
      agenda: [{ topic: '演练', minutes: 30 }],
    });
    expect((await read(meeting.id)).title).toBe('辅导会');
    const stale = updateMeetingKind(db, viewer, { ...settings, expectedVersion: 1 });
    await expect(stale).rejects.toBeInstanceOf(Conflict);
    const bad = () => updateMeetingKind(db, viewer, { id, expectedVersion: 2, defaultMinutes: 0 });
    expect(bad).toThrow(InvalidInput);
  });
});
