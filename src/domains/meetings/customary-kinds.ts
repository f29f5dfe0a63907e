import type { Rhythm } from './model.ts';

export interface Wording {
  en: string;
  zh: string;
}

interface CustomaryKind {
  key: string;
  name: Wording;
  description: Wording;
  rhythm: Rhythm;
  usualTime: string | null;
  minutes: number;
  agenda: readonly (readonly [minutes: number | null, en: string, zh: string])[];
}

/**
 * The kinds of meeting that a sales team's day is customarily made of; every organization begins with them and changes
 * them as it likes. In this order.
 */
export const CUSTOMARY_KINDS: readonly CustomaryKind[] = [
  {
    key: 'LEADERS_MORNING',
    name: { en: "Team leaders' morning meeting", zh: '团队长晨会' },
    description: {
      en: 'Chaired by the marketing director; all group leaders.',
      zh: '由营销总监主持，全体团队长参加。',
    },
    rhythm: 'DAILY',
    usualTime: '08:30',
    minutes: 30,
    agenda: [
      [10, 'Pass on company policy and set new tasks', '传达公司政策，布置新任务'],
      [10, 'Progress reports of the teams', '各团队汇报工作进展'],
      [10, 'Coordination between teams', '团队之间的协调'],
    ],
  },
  {
    key: 'MORNING',
    name: { en: 'Morning meeting', zh: '早会' },
    description: {
      en: 'Held by the group leader for the group; every day for a telephone team.',
      zh: '由组长主持，全组参加；电话营销团队每日必开。',
    },
    rhythm: 'DAILY',
    usualTime: '08:30',
    minutes: 20,
    agenda: [
      [5, "Today's market information and trend", '当日市场信息与走势'],
      [5, 'Company policy and new tasks', '公司政策与新任务'],
      [5, 'Progress', '工作进度'],
      [5, 'Morale', '士气激励'],
    ],
  },
  {
    key: 'SECOND_MORNING',
    name: { en: 'Second morning meeting', zh: '二早' },
    description: {
      en: 'Of the group, after the morning meeting of the branch.',
      zh: '大早会之后的小组会议。',
    },
    rhythm: 'DAILY',
    usualTime: '09:00',
    minutes: 20,
    agenda: [
      [10, "Yesterday's activities and results of each person", '每人通报昨日活动与业绩'],
      [10, "Today's visits and help needed", '当日拜访计划与所需支持'],
    ],
  },
  {
    key: 'EVENING',
    name: { en: 'Evening meeting', zh: '夕会' },
    description: {
      en: 'Held by the group leader for the group; every day for a telephone team.',
      zh: '由组长主持，全组参加；电话营销团队每日必开。',
    },
    rhythm: 'DAILY',
    usualTime: '17:00',
    minutes: 30,
    agenda: [
      [10, 'Study new products and business', '学习新产品、新业务'],
      [10, 'Each person reports progress', '每人汇报工作进展'],
      [10, 'Study cases and exchange experience', '案例研讨与经验交流'],
    ],
  },
  {
    key: 'DAILY_HALF_HOUR',
    name: { en: 'Daily half-hour meeting', zh: '每日例会' },
    description: {
      en: 'Of regional managers, three questions, at most 30 minutes.',
      zh: '区域经理例会，三个问题，不超过30分钟。',
    },
    rhythm: 'DAILY',
    usualTime: null,
    minutes: 30,
    agenda: [
      [10, 'Solve concrete problems and guide', '解决具体问题并给予指导'],
      [10, 'Target completion', '目标完成情况'],
      [10, 'Special matters and key customers', '特殊事项与重点客户'],
    ],
  },
  {
    key: 'DAILY_REPORT',
    name: { en: 'Daily report', zh: '日报会' },
    description: { en: 'Short, standing, of the group.', zh: '小组短会，站立进行。' },
    rhythm: 'DAILY',
    usualTime: '17:30',
    minutes: 15,
    agenda: [
      [10, 'Figures of the day', '当日数据'],
      [5, "Tomorrow's plan", '次日计划'],
    ],
  },
  {
    key: 'SUPERVISORS',
    name: { en: "Supervisors' meeting", zh: '主管会' },
    description: {
      en: 'Of the supervisors of a branch with their manager.',
      zh: '由经理主持，全体主管参加。',
    },
    rhythm: 'WEEKLY',
    usualTime: null,
    minutes: 60,
    agenda: [
      [20, 'Figures and attendance of each group', '各组业绩与出勤'],
      [20, 'Problems and people who need help', '存在的问题与需要帮扶的人员'],
      [20, 'Tasks until the next meeting', '下次会议前的任务'],
    ],
  },
  {
    key: 'WEEKLY',
    name: { en: 'Weekly meeting', zh: '周例会' },
    description: { en: 'Of the group; at least one a week.', zh: '每组每周至少一次。' },
    rhythm: 'WEEKLY',
    usualTime: null,
    minutes: 60,
    agenda: [
      [20, 'Review progress of the week and plan the next', '总结本周进展，计划下周'],
      [15, 'Solve problems', '解决问题'],
      [15, 'Exchange on competitors', '交流竞争对手情况'],
      [10, 'Adjust methods', '调整方法'],
    ],
  },
  {
    key: 'MONTHLY',
    name: { en: 'Monthly meeting', zh: '月例会' },
    description: { en: 'Of the group; at least one a month.', zh: '每组每月至少一次。' },
    rhythm: 'MONTHLY',
    usualTime: null,
    minutes: 120,
    agenda: [
      [40, 'Review progress of the month and plan the next', '总结本月进展，计划下月'],
      [30, 'Solve problems', '解决问题'],
      [30, 'Exchange on competitors', '交流竞争对手情况'],
      [20, 'Adjust methods', '调整方法'],
    ],
  },
  {
    key: 'DIRECTORS_MONTHLY',
    name: { en: "Directors' monthly meeting", zh: '主任例会' },
    description: {
      en: 'Of the directors with the branch manager.',
      zh: '由支公司经理主持，全体主任参加。',
    },
    rhythm: 'MONTHLY',
    usualTime: null,
    minutes: 120,
    agenda: [
      [40, 'Results against target', '目标达成情况'],
      [40, 'Recruiting and training', '增员与培训'],
      [40, "Next month's plan", '下月计划'],
    ],
  },
  {
    key: 'PRODUCT_PRESENTATION',
    name: { en: 'Product presentation', zh: '产说会' },
    description: { en: 'For invited customers.', zh: '面向受邀客户。' },
    rhythm: 'AS_NEEDED',
    usualTime: null,
    minutes: 120,
    agenda: [
      [15, 'Welcome', '欢迎'],
      [60, 'Presentation', '产品讲解'],
      [45, 'Talks with customers, orders', '与客户洽谈、签单'],
    ],
  },
  {
    key: 'BIRTHDAY_PARTY',
    name: { en: 'Birthday party', zh: '庆生会' },
    description: { en: "Of the month's birthdays.", zh: '为当月生日的同事庆生。' },
    rhythm: 'MONTHLY',
    usualTime: null,
    minutes: 60,
    agenda: [
      [20, 'Congratulations', '祝贺'],
      [40, 'Honours and celebration', '表彰与庆祝'],
    ],
  },
  {
    key: 'PROJECT',
    name: { en: 'Project meeting', zh: '项目会' },
    description: { en: 'Of those who work on one project.', zh: '项目相关人员参加。' },
    rhythm: 'AS_NEEDED',
    usualTime: null,
    minutes: 60,
    agenda: [
      [20, 'State of the project', '项目进展'],
      [25, 'Decisions', '决策事项'],
      [15, 'Tasks', '任务分配'],
    ],
  },
  {
    key: 'ALL_HANDS',
    name: { en: 'All-hands meeting', zh: '全员大会' },
    description: { en: 'Of everybody.', zh: '全体员工参加。' },
    rhythm: 'QUARTERLY',
    usualTime: null,
    minutes: 90,
    agenda: [
      [30, 'Results and honours', '业绩与表彰'],
      [30, 'Policy and plans', '政策与规划'],
      [30, 'Questions', '问答'],
    ],
  },
  {
    key: 'EXPERIENCE_EXCHANGE',
    name: { en: 'Experience exchange', zh: '经验交流会' },
    description: { en: 'The best tell how they did it.', zh: '业绩优秀者分享经验。' },
    rhythm: 'MONTHLY',
    usualTime: null,
    minutes: 60,
    agenda: [
      [40, 'Cases', '案例分享'],
      [20, 'Discussion', '讨论'],
    ],
  },
  {
    key: 'COACHING',
    name: { en: 'Coaching', zh: '辅导会' },
    description: { en: 'A leader with one member or a few.', zh: '主管对个别或少数成员的辅导。' },
    rhythm: 'WEEKLY',
    usualTime: null,
    minutes: 45,
    agenda: [
      [15, 'Look at the last week', '回顾上周'],
      [20, 'Practise', '演练'],
      [10, 'What to do until next time', '下次之前的行动'],
    ],
  },
  {
    key: 'BUSINESS_REVIEW',
    name: { en: 'Business review', zh: '业务回顾' },
    description: { en: 'Of managers, with forecast.', zh: '管理层参加，含业绩预测。' },
    rhythm: 'QUARTERLY',
    usualTime: null,
    minutes: 120,
    agenda: [
      [40, 'Results against target', '目标达成情况'],
      [40, 'Funnel and forecast', '销售漏斗与预测'],
      [40, 'Measures', '改进措施'],
    ],
  },
];
