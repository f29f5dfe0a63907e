// What the demonstration organization is made of. Every name is invented.

export const ORGANIZATION = {
  name: '启明财富 华东营销中心',
  timeZone: 'Asia/Shanghai',
  currency: 'CNY',
  locale: 'zh-CN',
  firstDayOfWeek: 1,
  fiscalMonthEnd: 25,
  fiscalYearStartMonth: 1,
} as const;

export const ADMINISTRATOR = { employeeNumber: 'A001', name: '沈静' } as const;

export const ROOT_TEAM = '华东营销中心';

/** Each team below the root, with its manager and people. */
export const TEAMS = [
  {
    name: '上海营业部',
    manager: '陆文博',
    people: ['周子涵', '吴思远', '郑雨桐', '孙浩然', '钱若琳', '冯俊杰', '褚一鸣'],
  },
  {
    name: '杭州营业部',
    manager: '何雅琴',
    people: ['王诗涵', '李明轩', '张梦琪', '刘宇航', '陈佳怡', '杨锐'],
  },
  {
    name: '南京营业部',
    manager: '许建国',
    people: ['赵欣妍', '黄志强', '徐静雯', '马天佑', '朱晓彤', '胡嘉豪'],
  },
] as const;

export const DIRECTOR = '顾承泽';

export const PRODUCTS = [
  { name: '福佑终身寿险', series: '寿险', listPrice: '12000', aliases: ['福佑寿险'] },
  { name: '安康百万医疗险', series: '健康险', listPrice: '980', aliases: ['百万医疗'] },
  { name: '金穗养老年金', series: '年金', listPrice: '50000', aliases: ['金穗年金'] },
  { name: '领航混合基金', series: '基金', listPrice: '100000', aliases: [] },
  { name: '稳盈固定收益计划', series: '理财', listPrice: '300000', aliases: ['稳盈'] },
  { name: '企业补充医疗', series: '团体险', listPrice: '86000', aliases: ['团体医疗'] },
  { name: '企业年金托管', series: '团体险', listPrice: '450000', aliases: [] },
] as const;

/** Which products private people and companies buy, by place in PRODUCTS. */
export const PRIVATE_PRODUCTS = [0, 1, 2, 3, 4] as const;
export const COMPANY_PRODUCTS = [5, 6] as const;

export const FUNNELS = {
  private: {
    name: '个人财富',
    stages: [
      { name: '初次接触', kind: 'OPEN', probability: '0.1', limitDays: 14 },
      { name: '需求分析', kind: 'OPEN', probability: '0.3', limitDays: 14 },
      { name: '方案沟通', kind: 'OPEN', probability: '0.5', limitDays: 21 },
      { name: '促成签单', kind: 'OPEN', probability: '0.8', limitDays: 7 },
      { name: '成交', kind: 'WON', probability: '1' },
      { name: '未成交', kind: 'LOST', probability: '0' },
    ],
  },
  company: {
    name: '企业客户',
    stages: [
      { name: '线索', kind: 'OPEN', probability: '0.05', limitDays: 30 },
      { name: '拜访', kind: 'OPEN', probability: '0.2', limitDays: 30 },
      { name: '方案与报价', kind: 'OPEN', probability: '0.5', limitDays: 30 },
      { name: '审批', kind: 'OPEN', probability: '0.75', limitDays: 20 },
      { name: '签约', kind: 'WON', probability: '1' },
      { name: '失标', kind: 'LOST', probability: '0' },
      { name: '暂无预算', kind: 'LOST', probability: '0' },
    ],
  },
} as const;

export const COMPANIES = [
  ['江南精密机械有限公司', '制造业', '上海'],
  ['钱塘跨境电商有限公司', '电子商务', '杭州'],
  ['紫金生物科技股份有限公司', '生物医药', '南京'],
  ['浦江物流集团', '物流', '上海'],
  ['西溪软件有限公司', '软件', '杭州'],
  ['秦淮文化传播有限公司', '文化传媒', '南京'],
  ['松江汽车零部件有限公司', '制造业', '上海'],
  ['余杭茶业合作社', '农业', '杭州'],
  ['栖霞新材料有限公司', '新材料', '南京'],
  ['临港智能装备有限公司', '制造业', '上海'],
  ['滨江游戏工作室', '软件', '杭州'],
  ['江宁连锁餐饮管理有限公司', '餐饮', '南京'],
] as const;

export const SURNAMES = '赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜';
export const GIVEN_NAMES = [
  '伟',
  '芳',
  '秀英',
  '建华',
  '丽娟',
  '志远',
  '雪梅',
  '文静',
  '国庆',
  '海燕',
  '俊峰',
  '玉兰',
  '永强',
  '晓东',
  '雅婷',
  '德明',
] as const;

export const POSTS = ['总经理', '财务总监', '人力资源经理', '行政主管', '采购经理'] as const;
export const BUYING_ROLES = ['决策人', '影响人', '使用人'] as const;
export const SOURCES = ['Referral', 'Campaign', 'Website', 'Cold call', 'Exhibition'] as const;
export const TAGS = ['高净值', '子女教育', '养老规划', '转介绍', '老客户', '企业主'] as const;
export const INDUSTRIES = ['教育', '医疗', '金融', '公务员', '个体经营', '互联网'] as const;

export const CALL_RESULTS = ['已预约面谈', '有意向，需再跟进', '暂时不需要', '未接通'] as const;
export const VISIT_RESULTS = ['完成需求分析', '讲解方案，客户满意', '需要与家人商量'] as const;
export const MESSAGE_RESULTS = ['已发产品资料', '已发早会观点', '节日问候'] as const;
export const LOSS_REASONS = [
  '价格高于预期',
  '选择了其他公司',
  '资金另有安排',
  '家人不同意',
] as const;

export const TASKS = [
  { title: '整理客户保单并做保障缺口分析', importance: 'SMALL', difficulty: 'NORMAL' },
  { title: '回访上周面谈的客户', importance: 'SMALL', difficulty: 'EASY' },
  { title: '准备养老规划方案', importance: 'BIG', difficulty: 'HARD' },
  { title: '邀约产说会来宾', importance: 'BIG', difficulty: 'NORMAL' },
  { title: '补齐投保资料', importance: 'MAJOR', difficulty: 'EASY' },
  { title: '更新客户联系方式', importance: 'SMALL', difficulty: 'EASY' },
  { title: '提交企业客户报价', importance: 'MAJOR', difficulty: 'HARD' },
  { title: '续期保费提醒', importance: 'SMALL', difficulty: 'EASY' },
] as const;

export const CHECKLIST = ['联系客户确认时间', '准备资料', '完成后回填系统'] as const;

export const MINUTES = [
  '昨日业绩通报；分享一单养老年金成交经过；今日每人至少五通有效电话。',
  '通报本周排名；演练异议处理；落实产说会邀约名单。',
  '学习新产品要点；确认今日拜访路线；提醒本月目标进度。',
] as const;

export const COMMENTS = [
  '客户下周三之后才有空，先约电话。',
  '方案里请加上医疗险的对比。',
  '资料已经齐了，可以提交。',
  '注意时效，今天下班前反馈。',
] as const;
