import { dayOf, endOfDay } from '../../src/calendar/periods.ts';
import { recordAttendance, recordMinutes } from '../../src/domains/meetings/holding.ts';
import { scheduleMeeting } from '../../src/domains/meetings/service.ts';
import { commentOnTask } from '../../src/domains/tasks/commenting.ts';
import { createTask } from '../../src/domains/tasks/service.ts';
import { completeTask, startTask } from '../../src/domains/tasks/transitions.ts';
import * as content from './content.ts';
import type { DemoCustomer } from './customers.ts';
import type { DemoTeam, Staff } from './people.ts';
import type { Random } from './random.ts';
import type { Timeline } from './timeline.ts';

const PAST_TASKS = 36;
const DAYS_OF_MEETINGS = 5;
const HOUR = 3_600_000;

/** Tasks of the past weeks, most of them done; some for today, some late, some to come. */
export function planTasks(
  line: Timeline,
  random: Random,
  staff: Staff,
  customers: readonly DemoCustomer[],
): void {
  for (let count = 0; count < PAST_TASKS; count += 1) {
    const daysAgo = random.between(0, 30);
    planTask(line, random, staff, customers, daysAgo, random.chance(0.75) ? 'DONE' : 'OPEN');
  }
  for (const status of ['DONE', 'DONE', 'DONE', 'STARTED', 'STARTED', 'OPEN', 'OPEN'] as const) {
    planTask(line, random, staff, customers, 0, status);
  }
}

function planTask(
  line: Timeline,
  random: Random,
  staff: Staff,
  customers: readonly DemoCustomer[],
  daysAgo: number,
  status: 'DONE' | 'STARTED' | 'OPEN',
): void {
  const team = random.pick(staff.teams);
  const assignee = random.pick(team.people);
  const kind = random.pick(content.TASKS);
  const customer = customers.find(({ owner, since }) => owner === assignee && since > daysAgo + 1);
  const dueAt = random.chance(0.4)
    ? endOfDay(line.settings, dayOf(line.settings, line.ahead(random.between(-1, 6))))
    : undefined;
  const priority = random.pick(['LOW', 'NORMAL', 'NORMAL', 'HIGH', 'URGENT'] as const);
  const hasChecklist = random.chance(0.4);
  const task = { id: '' };
  line.at(line.moment(daysAgo, 0.3 + 0.2 * random.next()), async () => {
    ({ id: task.id } = await createTask(line.db, team.manager.viewer, {
      ...kind,
      priority,
      dueAt,
      assigneeId: assignee.id,
      customerId: customer?.id ?? null,
      checklist: hasChecklist ? content.CHECKLIST : [],
    }));
  });
  if (random.chance(0.3)) {
    const body = random.pick(content.COMMENTS);
    line.at(line.moment(daysAgo, 0.55), () =>
      commentOnTask(line.db, team.manager.viewer, { ...task, body }),
    );
  }
  if (status === 'OPEN') return;
  line.at(line.moment(daysAgo, 0.6), () => startTask(line.db, assignee.viewer, task));
  if (status === 'STARTED') return;
  const doneAgo = Math.max(0, daysAgo - random.between(0, 2));
  line.at(line.moment(doneAgo, 0.7 + 0.25 * random.next()), () =>
    completeTask(line.db, assignee.viewer, task),
  );
}

/** A morning meeting of every team on each of the last days, today's too, and some that are to come. */
export async function planMeetings(line: Timeline, random: Random, staff: Staff): Promise<void> {
  const kinds = await line.db.prisma.meetingKind.findMany({
    where: { organizationId: staff.organizationId },
  });
  const kindId = (key: string) => kinds.find((kind) => kind.key === key)?.id ?? '';
  for (const team of staff.teams) {
    for (let daysAgo = DAYS_OF_MEETINGS; daysAgo >= 0; daysAgo -= 1) {
      planMorning(line, random, team, daysAgo, kindId('MORNING'));
    }
    const presentation = { kindId: kindId('PRODUCT_PRESENTATION'), teamId: team.id };
    line.at(line.moment(2, 0.5), () =>
      scheduleMeeting(line.db, team.manager.viewer, {
        ...presentation,
        title: `${team.name}产说会`,
        startsAt: line.ahead(random.between(2, 6), 3),
      }),
    );
  }
  line.at(line.moment(3, 0.5), () =>
    scheduleMeeting(line.db, staff.director.viewer, {
      kindId: kindId('BUSINESS_REVIEW'),
      teamId: staff.rootTeamId,
      startsAt: line.ahead(3),
    }),
  );
}

/** At half past eight; of today also when it is still to come. */
function planMorning(
  line: Timeline,
  random: Random,
  team: DemoTeam,
  daysAgo: number,
  kindId: string,
): void {
  const day = dayOf(line.settings, line.moment(daysAgo, 0));
  const startsAt = new Date(endOfDay(line.settings, day).getTime() - 15.5 * HOUR);
  const meeting = { id: '' };
  line.at(line.moment(daysAgo + 1, 0.9), async () => {
    ({ id: meeting.id } = await scheduleMeeting(line.db, team.manager.viewer, {
      kindId,
      teamId: team.id,
      startsAt,
      place: `${team.name}会议室`,
    }));
  });
  const ended = new Date(startsAt.getTime() + HOUR);
  if (ended > line.now) return;
  const attendance = [team.manager, ...team.people].map(({ id }) => ({
    memberId: id,
    attendance: random.pick([
      'PRESENT',
      'PRESENT',
      'PRESENT',
      'PRESENT',
      'LATE',
      'EXCUSED',
    ] as const),
  }));
  const minutes = random.pick(content.MINUTES);
  const { viewer } = team.manager;
  line.at(ended, async () => {
    await recordAttendance(line.db, viewer, { ...meeting, attendance });
    await recordMinutes(line.db, viewer, { ...meeting, minutes });
  });
}
