/** Invented names and places for the sample data: both Chinese scripts, Japanese and Western. */
export interface Person {
  name: string;
  familyName: string;
  givenName: string;
  reading: string;
  locale: string;
  country: string;
  login: string;
  gender: 'M' | 'F';
}

interface Origin {
  locale: string;
  country: string;
  families: string[][];
  /** Each with its gender. */
  given: string[][];
  join: (family: string, given: string) => string;
  read: (family: string, given: string) => string;
}

const pairs = (text: string): string[][] =>
  text
    .trim()
    .split(/\s+/)
    .map((pair) => pair.split(':'));
const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

const origins: Origin[] = [
  {
    locale: 'zh-CN',
    country: 'CN',
    families: pairs(
      '王:wang 李:li 张:zhang 刘:liu 陈:chen 杨:yang 赵:zhao 黄:huang 周:zhou 吴:wu 徐:xu 孙:sun 马:ma 朱:zhu 欧阳:ouyang',
    ),
    given: pairs(
      '伟:wei:M 芳:fang:F 娜:na:F 敏:min:F 静:jing:F 丽:li:F 强:qiang:M 磊:lei:M 洋:yang:M 艳:yan:F 勇:yong:M 军:jun:M 杰:jie:M 涛:tao:M 明:ming:M 雪梅:xuemei:F 子涵:zihan:F 浩然:haoran:M',
    ),
    join: (family, given) => family + given,
    read: (family, given) => `${capital(family)} ${capital(given)}`,
  },
  {
    locale: 'zh-TW',
    country: 'TW',
    families: pairs('林:lin 陳:chen 黃:huang 張:chang 李:lee 吳:wu 劉:liu 蔡:tsai 楊:yang 許:hsu 鄭:cheng 謝:hsieh'),
    given: pairs(
      '怡君:yichun:F 雅婷:yating:F 志明:chihming:M 淑芬:shufen:F 家豪:chiahao:M 俊傑:chunchieh:M 美玲:meiling:F 宗翰:tsunghan:M 詩涵:shihhan:F 冠宇:kuanyu:M',
    ),
    join: (family, given) => family + given,
    read: (family, given) => `${capital(family)} ${capital(given)}`,
  },
  {
    locale: 'ja-JP',
    country: 'JP',
    families: pairs(
      '佐藤:サトウ 鈴木:スズキ 高橋:タカハシ 田中:タナカ 伊藤:イトウ 渡辺:ワタナベ 山本:ヤマモト 中村:ナカムラ 小林:コバヤシ 加藤:カトウ 吉田:ヨシダ 山田:ヤマダ',
    ),
    given: pairs(
      '太郎:タロウ:M 花子:ハナコ:F 健:ケン:M 美咲:ミサキ:F 翔太:ショウタ:M 陽菜:ヒナ:F 大輔:ダイスケ:M さくら:サクラ:F 直樹:ナオキ:M 由美:ユミ:F 蓮:レン:M',
    ),
    join: (family, given) => `${family} ${given}`,
    read: (family, given) => `${family} ${given}`,
  },
  {
    locale: 'en-US',
    country: 'US',
    families: pairs(
      'Smith:smith Johnson:johnson Müller:mueller García:garcia Rossi:rossi Novák:novak Andersen:andersen O’Brien:obrien Dubois:dubois Kowalski:kowalski Silva:silva',
    ),
    given: pairs(
      'Emma:emma:F Liam:liam:M Olivia:olivia:F Noah:noah:M Ava:ava:F Lucas:lucas:M Mia:mia:F Ethan:ethan:M Chloé:chloe:F Jürgen:juergen:M Zoë:zoe:F Björn:bjoern:M',
    ),
    join: (family, given) => `${given} ${family}`,
    read: () => '',
  },
];

const romaji = (index: number) => `staff${String(index).padStart(3, '0')}`;

/** The same people on every machine, because the random numbers have a fixed seed. */
export function makePeople(count: number, random: () => number): Person[] {
  const pick = <T>(list: T[]): T => list[Math.floor(random() * list.length)] as T;
  return Array.from({ length: count }, (_, index) => {
    const origin = origins[index % 8 < 3 ? 0 : index % 8 < 5 ? 1 : index % 8 < 7 ? 2 : 3] as Origin;
    const [familyName = '', family = ''] = pick(origin.families);
    const [givenName = '', given = '', gender] = pick(origin.given);
    const login = origin.locale === 'ja-JP' ? romaji(index) : `${given}.${family}${index}`.replace(/[^a-z0-9.]/g, '');
    return {
      name: origin.join(familyName, givenName),
      familyName,
      givenName,
      reading: origin.read(family, given),
      locale: origin.locale,
      country: origin.country,
      login,
      gender: gender === 'F' ? 'F' : 'M',
    };
  });
}

/** mulberry32: small, with the same results everywhere. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
