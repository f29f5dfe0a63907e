// Customers as a Chinese company's file has them: names with frequent and rare parts, contacts, phones. The same
// for the same seed.

const REGIONS =
  '北京 上海 广州 深圳 杭州 南京 成都 重庆 武汉 西安 苏州 天津 青岛 宁波 厦门 长沙 郑州 沈阳 大连 济南 福州 合肥 昆明 哈尔滨 石家庄 无锡 东莞 佛山'.split(
    ' ',
  );
const LINES =
  '科技 贸易 电子 建材 食品 医药 机械 物流 网络 信息技术 文化传媒 教育咨询 实业 投资 化工 服装 汽车配件 环保 能源 餐饮管理'.split(
    ' ',
  );
const ENDS = [
  ...Array<string>(5).fill('有限公司'),
  '股份有限公司',
  '有限责任公司',
  '集团',
  '厂',
  '经营部',
];
const LUCKY = [
  ...'华中国信达恒盛安泰德新源天龙海金宏兴瑞康美佳力丰永嘉鑫科创光明通远东方大同和平利成广立宝昌正亚环宇智慧云数联合众诚',
];
const RARE = Array.from({ length: 2_500 }, (_, index) => String.fromCodePoint(0x4e00 + index * 7));
const SURNAMES = [...'王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾'];
const GIVEN = [...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀英霞平刚桂梅鑫宇浩子轩欣怡梓涵'];
const LATIN = 'Acme Delta Nova GTX Tech Lab Star Omega Prime Quantum Global Solar Pacific'.split(
  ' ',
);
const PREFIXES = ['138', '139', '136', '186', '150', '177', '159', '133'];

export interface MadeUpCustomer {
  name: string;
  region: string;
  phones: string[];
  contacts: { name: string; phone: string }[];
}

export function* madeUpCustomers(count: number, seed = 42): Generator<MadeUpCustomer> {
  const random = randomFrom(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const favour = <T>(list: readonly T[]): T => list[Math.floor(list.length * random() ** 2.2)] as T;
  const person = () => pick(SURNAMES) + pick(GIVEN) + (random() < 0.7 ? pick(GIVEN) : '');
  const phone = () => pick(PREFIXES) + String(Math.floor(random() * 1e8)).padStart(8, '0');
  const character = () => (random() < 0.6 ? favour(LUCKY) : favour(RARE));
  const brand = () => character() + character() + (random() < 0.4 ? character() : '');
  const latin = () => `${pick(LATIN)} ${pick(LATIN)}${random() < 0.5 ? ' Ltd' : ' Co., Ltd.'}`;
  const company = (region: string) =>
    (random() < 0.8 ? region : '') +
    (random() < 0.1 ? '市' : '') +
    brand() +
    pick(LINES) +
    pick(ENDS);
  for (let made = 0; made < count; made++) {
    const region = pick(REGIONS);
    const kind = random();
    const contacts = random() < 0.5 ? 1 : random() < 0.3 ? 2 : 0;
    yield {
      name: kind < 0.15 ? person() : kind < 0.2 ? latin() : company(region),
      region,
      phones: random() < 0.8 ? [phone()] : [],
      contacts: Array.from({ length: contacts }, () => ({ name: person(), phone: phone() })),
    };
  }
}

/** A small linear congruential generator: 0 to 1. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x80000000;
  };
}
