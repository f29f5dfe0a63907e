import { beforeAll, describe, expect, test } from 'vitest';
import { encodeGlobalId } from '../../../src/api/global-ids.ts';
import { type TestApp, testApp } from '../../support/app.ts';
import { type Actor, type Organization, org } from '../../support/seed.ts';

let app: TestApp;
let admin: Organization;
let leader: Actor;
let rep: Actor;
let outsider: Actor;
let team: string;

beforeAll(async () => {
  app = await testApp();
  admin = await org(app.app.db);
  team = await admin.team('渠道一组');
  leader = await admin.manager({ team, name: '李组长' });
  rep = await admin.rep({ team, name: '小王' });
  outsider = await admin.rep({ name: '外人' });
});

const member = (actor: Actor) => encodeGlobalId('Member', actor.memberId);

const data = <Data>(actor: Actor, document: string, variables: Record<string, unknown> = {}) =>
  app.expectData<Data>(document, variables, { token: actor.token });

async function kind(key = 'MORNING'): Promise<string> {
  const { meetingKinds } = await data<{ meetingKinds: { id: string; key: string }[] }>(
    leader,
    '{ meetingKinds { id key } }',
  );
  return meetingKinds.find((each) => each.key === key)?.id ?? '';
}

const SCHEDULE = `mutation ($input: ScheduleMeetingInput!) { scheduleMeeting(input: $input) {
  __typename
  ... on ScheduleMeetingPayload {
    meeting {
      id version title status startsAt endsAt host { name } team { name } kind { key rhythm agenda { topic minutes } }
      agenda { topic minutes presenter { name } }
      participants(first: 10) { totalCount nodes { member { name } invited attendance } }
    }
    overlaps { member { name } startsAt endsAt meeting { id title } }
  }
  ... on UserError { code message path }
} }`;

interface Scheduled {
  scheduleMeeting: {
    __typename: string;
    code?: string;
    path?: string[];
    meeting: Record<string, unknown> & { id: string; participants: { nodes: unknown[] } };
    overlaps: { member: { name: string }; meeting: { title: string } | null }[];
  };
}

const schedule = async (actor: Actor, input: Record<string, unknown>) =>
  (
    await data<Scheduled>(actor, SCHEDULE, {
      input: { kindId: await kind(), startsAt: '2026-03-02T08:30:00+08:00', ...input },
    })
  ).scheduleMeeting;

describe('a morning meeting from planning to minutes', () => {
  let id: string;

  test('is scheduled for the team with the agenda of its kind', async () => {
    const { meeting, overlaps } = await schedule(leader, {
      teamId: encodeGlobalId('Team', team),
      place: '三楼会议室',
    });
    id = meeting.id;
    expect(meeting).toMatchObject({
      version: 1,
      title: '早会',
      status: 'SCHEDULED',
      startsAt: '2026-03-02T00:30:00.000Z',
      endsAt: '2026-03-02T00:50:00.000Z',
      host: { name: '李组长' },
      team: { name: '渠道一组' },
      kind: { key: 'MORNING', rhythm: 'DAILY' },
      participants: { totalCount: 2 },
    });
    expect(meeting.agenda).toEqual([
      { topic: '当日市场信息与走势', minutes: 5, presenter: null },
      { topic: '公司政策与新任务', minutes: 5, presenter: null },
      { topic: '工作进度', minutes: 5, presenter: null },
      { topic: '士气激励', minutes: 5, presenter: null },
    ]);
    expect(overlaps).toEqual([]);
  });

  test('attendance, minutes, and what a stale version is told', async () => {
    const answer = await app.expectData<Record<string, never>>(
      `mutation ($attendance: RecordAttendanceInput!, $minutes: RecordMinutesInput!, $stale: RecordMinutesInput!) {
        recordAttendance(input: $attendance) {
          ... on RecordAttendancePayload { meeting { version status participants { nodes { member { name } attendance recordedBy { name } } } } }
        }
        recordMinutes(input: $minutes) { ... on RecordMinutesPayload { meeting { version minutes minutesBy { name } } } }
        stale: recordMinutes(input: $stale) {
          __typename ... on Conflict { path currentVersion current { ... on Meeting { version minutes } } }
        }
      }`,
      {
        attendance: {
          id,
          attendance: [
            { memberId: member(rep), attendance: 'LATE' },
            { memberId: member(leader), attendance: 'PRESENT' },
          ],
        },
        minutes: { id, minutes: '本周目标三十户', expectedVersion: 2 },
        stale: { id, minutes: '覆盖', expectedVersion: 2 },
      },
      { token: leader.token },
    );
    expect(answer.recordAttendance).toMatchObject({ meeting: { version: 2, status: 'HELD' } });
    expect(answer).toMatchObject({
      recordAttendance: {
        meeting: {
          participants: {
            nodes: expect.arrayContaining([
              { member: { name: '小王' }, attendance: 'LATE', recordedBy: { name: '李组长' } },
            ]),
          },
        },
      },
      recordMinutes: {
        meeting: { version: 3, minutes: '本周目标三十户', minutesBy: { name: '李组长' } },
      },
      stale: {
        __typename: 'Conflict',
        path: ['input', 'expectedVersion'],
        currentVersion: 3,
        current: { version: 3, minutes: '本周目标三十户' },
      },
    });
  });

  test('is seen by who takes part and by nobody else', async () => {
    const document = `query ($id: ID!) {
      node(id: $id) { ... on Meeting { title } }
      meetings(filter: { kind: { in: ["${await kind()}"] } }) { totalCount nodes { id } }
    }`;
    const stranger = await org(app.app.db);
    const seen = await Promise.all(
      [admin, leader, rep, outsider].map((actor) => data(actor, document, { id })),
    );
    const found = { node: { title: '早会' }, meetings: { totalCount: 1, nodes: [{ id }] } };
    const nothing = { node: null, meetings: { totalCount: 0, nodes: [] } };
    expect(seen).toEqual([found, found, found, nothing]);
    const theirs = await app.query(document, { id }, { token: stranger.token });
    expect(theirs.data).toEqual(nothing);
  });
});

test('what was agreed becomes tasks, what is said becomes comments; both are found from both sides', async () => {
  const { meeting } = await schedule(leader, {
    startsAt: '2026-03-20T00:30:00Z',
    inviteIds: [member(rep)],
  });
  const made = await data<{ addActionItem: { task: { id: string } } }>(
    leader,
    `mutation ($input: AddActionItemInput!) { addActionItem(input: $input) {
      ... on AddActionItemPayload {
        task { id title status assignee { name } meeting { id } }
        meeting { version actionItems(first: 5) { totalCount nodes { title } position } }
      }
      ... on UserError { code message }
    } }`,
    { input: { meetingId: meeting.id, title: '回访老客户', assigneeId: member(rep), dueAt: null } },
  );
  expect(made.addActionItem).toMatchObject({
    task: {
      title: '回访老客户',
      status: 'OPEN',
      assignee: { name: '小王' },
      meeting: { id: meeting.id },
    },
    meeting: { version: 1, actionItems: { totalCount: 1, nodes: [{ title: '回访老客户' }] } },
  });
  const comment = `mutation ($input: AddCommentInput!) { addComment(input: $input) {
    __typename ... on AddCommentPayload { comment { body } }
  } }`;
  const input = { recordId: meeting.id, body: '请带上报表' };
  expect(await data(rep, comment, { input })).toMatchObject({
    addComment: { comment: { body: '请带上报表' } },
  });
  expect(await data(outsider, comment, { input })).toEqual({
    addComment: { __typename: 'NotFound' },
  });
  const read = `query ($id: ID!) { node(id: $id) { ... on Meeting {
    comments { nodes { body author { name } } }
  } } }`;
  expect(await data(leader, read, { id: meeting.id })).toEqual({
    node: { comments: { nodes: [{ body: '请带上报表', author: { name: '小王' } }] } },
  });
});

test('overlaps tell the times, and the other meeting only to whom sees it', async () => {
  const startsAt = '2026-04-01T01:00:00.000Z';
  const secret = await schedule(outsider, {
    startsAt,
    title: '并购预备会',
    inviteIds: [member(rep)],
  });
  const { meeting, overlaps } = await schedule(leader, {
    startsAt: '2026-04-01T01:10:00.000Z',
    inviteIds: [member(rep), member(outsider)],
  });
  const overlap = { startsAt, endsAt: '2026-04-01T01:20:00.000Z' };
  // The leader's data scope covers the rep, who is invited to the other meeting.
  const seen = { ...overlap, meeting: { id: secret.meeting.id, title: '并购预备会' } };
  expect(overlaps).toHaveLength(2);
  expect(overlaps).toEqual(
    expect.arrayContaining([
      { member: { name: '小王' }, ...seen },
      { member: { name: '外人' }, ...seen },
    ]),
  );

  const other = await admin.manager({ name: '另一组长' });
  const theirs = await schedule(other, {
    startsAt: '2026-04-01T01:15:00.000Z',
    inviteIds: [member(outsider)],
  });
  expect(theirs.overlaps).toHaveLength(2);
  for (const each of theirs.overlaps) {
    expect(each).toMatchObject({ member: { name: '外人' }, meeting: null });
  }
  expect(JSON.stringify(theirs)).not.toContain('并购预备会');
  expect(meeting.participants.nodes).toHaveLength(3);
});

describe('lists', () => {
  test('filter, order and page', async () => {
    const project = await kind('PROJECT');
    for (const [title, day] of [
      ['乙', '05'],
      ['甲', '04'],
      ['丙', '06'],
    ]) {
      await schedule(rep, { kindId: project, title, startsAt: `2026-05-${day}T02:00:00Z` });
    }
    const list = async (args: string) => {
      const { meetings } = await data<{
        meetings: {
          nodes: { title: string }[];
          pageInfo: { endCursor: string; hasNextPage: boolean };
        };
      }>(rep, `{ meetings(${args}) { nodes { title } pageInfo { endCursor hasNextPage } } }`);
      return { titles: meetings.nodes.map(({ title }) => title), ...meetings.pageInfo };
    };
    const where = `kind: { in: ["${project}"] }`;
    expect((await list(`filter: { ${where} }`)).titles).toEqual(['丙', '乙', '甲']);
    const ordered = `filter: { ${where} }, orderBy: [{ field: STARTS_AT, direction: ASC }]`;
    const first = await list(`${ordered}, first: 2`);
    expect(first).toMatchObject({ titles: ['甲', '乙'], hasNextPage: true });
    const rest = await list(`${ordered}, first: 2, after: "${first.endCursor}"`);
    expect(rest).toMatchObject({ titles: ['丙'], hasNextPage: false });
    const conditions = [
      ['startsAt: { from: "2026-05-05T00:00:00Z", before: "2026-05-06T02:00:00Z" }', ['乙']],
      [`host: { in: ["${member(leader)}"] }`, []],
      [`participant: { in: ["${member(rep)}"] }`, ['丙', '乙', '甲']],
      ['status: { in: [HELD, CANCELLED] }', []],
      ['team: { in: [] }', []],
    ] as const;
    for (const [condition, titles] of conditions) {
      expect((await list(`filter: { ${where}, ${condition} }`)).titles).toEqual(titles);
    }
  });

  test('of a member and of a team', async () => {
    await schedule(leader, {
      title: '组会',
      startsAt: '2026-08-01T00:00:00Z',
      teamId: encodeGlobalId('Team', team),
      inviteTeam: false,
    });
    const names =
      '(filter: { startsAt: { from: "2026-08-01T00:00:00Z" } }, first: 1) { nodes { title } }';
    const document = `query ($ids: [ID!]!) { nodes(ids: $ids) {
      ... on Member { meetings${names} } ... on Team { meetings${names} }
    } }`;
    const ids = [member(leader), member(rep), encodeGlobalId('Team', team)];
    const group = { meetings: { nodes: [{ title: '组会' }] } };
    const none = { meetings: { nodes: [] } };
    // Only the leader is invited, so that the rep does not see it.
    expect(await data(leader, document, { ids })).toMatchObject({ nodes: [group, {}, group] });
    expect(await data(rep, document, { ids })).toMatchObject({ nodes: [none, {}, none] });
  });

  test('a filter does not probe what is not seen', async () => {
    const document = `{ meetings(filter: { participant: { in: ["${member(leader)}"] } }) { totalCount } }`;
    await schedule(leader, { title: '闭门会', startsAt: '2026-07-01T00:00:00Z' });
    const found = await data<{ meetings: { totalCount: number } }>(rep, document);
    const all = await data<{ meetings: { totalCount: number } }>(leader, document);
    expect(found.meetings.totalCount).toBeLessThan(all.meetings.totalCount);
  });
});

describe('refusals have names and places', () => {
  test.each([
    ['a kind of another type', { kindId: 'x' }, 'INVALID_INPUT', ['input', 'kindId']],
    ['no length', { minutes: 0 }, 'INVALID_INPUT', ['input', 'minutes']],
    ['a title too long', { title: '长'.repeat(201) }, 'INVALID_INPUT', ['input', 'title']],
    ['another year', { startsAt: '1776-07-04T00:00:00Z' }, 'INVALID_INPUT', ['input', 'startsAt']],
  ])('%s', async (_name, input, code, path) => {
    const result = await schedule(leader, input);
    expect(result).toMatchObject({ code, path });
  });

  test('one who may not host for another', async () => {
    const result = await schedule(rep, { hostId: member(leader) });
    expect(result).toMatchObject({ __typename: 'NotAllowed', path: ['input', 'hostId'] });
  });

  test('too early, with the start', async () => {
    const startsAt = new Date(Date.now() + 7_200_000).toISOString();
    const { meeting } = await schedule(leader, { startsAt });
    const result = await data(
      leader,
      `mutation ($input: RecordMinutesInput!) { recordMinutes(input: $input) {
        __typename ... on MeetingNotBegun { code startsAt }
      } }`,
      { input: { id: meeting.id, minutes: '早了' } },
    );
    expect(result).toEqual({
      recordMinutes: { __typename: 'MeetingNotBegun', code: 'MEETING_NOT_BEGUN', startsAt },
    });
  });

  test('kinds are changed by administrators only', async () => {
    const document = `mutation ($input: CreateMeetingKindInput!) { createMeetingKind(input: $input) {
      ... on CreateMeetingKindPayload { meetingKind { key name defaultMinutes ordinal active agenda { topic } } }
    } }`;
    const input = { name: '誓师大会', key: 'OATH', agenda: [{ topic: '宣誓' }] };
    const refused = await app.query(document, { input }, { token: leader.token });
    expect(refused.errors[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', requires: 'ADMIN' });
    expect(await kind('OATH')).toBe('');
    const made = await data(admin, document, { input });
    expect(made).toEqual({
      createMeetingKind: {
        meetingKind: {
          ...{ key: 'OATH', name: '誓师大会', defaultMinutes: 60, ordinal: 18, active: true },
          agenda: [{ topic: '宣誓' }],
        },
      },
    });
  });
});
