import { describe, expect, it } from 'vitest';
import { builtinFieldsOf } from '#contract/builtin';
import { targetTypes } from '#contract/target';
import { type Language, languages } from '#contract/wire/language';
import { words as wordsEnUS } from '#contract/wire/words/en-US';
import { words as wordsJaJP } from '#contract/wire/words/ja-JP';
import { words as wordsZhCN } from '#contract/wire/words/zh-CN';
import { words as wordsZhTW } from '#contract/wire/words/zh-TW';

/** Every text of the console and the server by its place, such as `fields.options.title`. */
type Texts = Map<string, string>;

const modules = import.meta.glob<Record<string, object>>('./*/*.ts', { eager: true });
const words: Record<Language, object> = {
  'zh-CN': wordsZhCN,
  'en-US': wordsEnUS,
  'zh-TW': wordsZhTW,
  'ja-JP': wordsJaJP,
};

/** The files that only put others together. */
const compositions = ['settings', 'start'];

function textsOf(language: Language): Texts {
  const texts: Texts = new Map();
  const add = (value: unknown, place: string) => {
    if (typeof value === 'string') texts.set(place, value);
    else for (const [key, part] of Object.entries(value as object)) add(part, place ? `${place}.${key}` : key);
  };
  for (const [path, module] of Object.entries(modules)) {
    const name = path.startsWith(`./${language}/`) && path.split('/').at(-1)?.replace('.ts', '');
    if (name && !compositions.includes(name)) for (const [key, slice] of Object.entries(module)) add(slice, key);
  }
  add(words[language], 'words');
  for (const type of targetTypes)
    for (const { key, labels, options } of builtinFieldsOf(type)) {
      texts.set(`builtin.${type}.${key}`, labels[language]);
      for (const option of options ?? []) texts.set(`builtin.${type}.${key}.${option.value}`, option.labels[language]);
    }
  return texts;
}

/** A text without the names of its values. */
const said = (text: string) => text.replace(/\{\{.*?\}\}|<\w+\/>/g, '');

/** The words of the glossary's column “Replaces”, and other words that its rows exclude. */
const replaced: Record<Language, RegExp[]> = {
  'zh-CN': [
    /人员(?!工)/,
    /员工/,
    /工作人员/,
    /对象类型/,
    /[个些种每有]对象|对象(页面|持有|中)/,
    /标识/,
    /持有/,
    /使用者/,
    /遮盖/,
    /查看原值|的原值/,
    /显示受保护的值/,
    /动态/,
    /计划/,
    /保存之前/,
    /Access Key/,
    /(新|旧|更换)密钥/,
    /可以做/,
    /现成/,
    /身份查看/,
    /空间(?<!权限空间)/,
    /公共/,
    /权限组|权限分组/,
    /登录的地方/,
    /使用情况/,
    /规范/,
    /已过时/,
    /接口/,
    /你/,
    /\bkey\b/,
    /[个的]移动到|移动或/,
  ],
  'en-US': [
    /\b[Bb]ins?\b/,
    /\bChoice\b/,
    /[Rr]etired/,
    /[Bb]ring back/,
    /\b[Hh]eld\b|\b[Hh]olders?\b|\b[Hh]olds?\b/,
    /\bgoes\b|\bgone\b|is back\b/,
    /\b[Ss]ealed\b/,
    /\bCompare\b(?! with)/,
    /\bplans?\b/,
    /[Bb]efore this is saved/,
    /\bActivity\b/,
    /^Who$|^Whose$|^To whom/,
    /\b[Mm]ay do\b|\brights?\b/,
    /\b[Mm]ay (?!be\b|know\b|have\b)/,
    /\b[Ss]taff\b/,
    /[Rr]eady-made|^Own$/,
    /^Space\b|other space/,
    /[Pp]ermission group/,
    /[Oo]rganis|[Cc]entre|[Nn]ormalis|[Ll]icence/,
    /[Tt]wo-step sign-in/,
    /[Ww]here you are signed in/,
    /^Health$/,
    /[Ss]witch(ed)? .*\b(on|off)\b|[Ss]witched? (on|off)/,
    /out of date/,
    /[Ss]omebody|[Ee]verybody|[Nn]obody|[Mm]eanwhile/,
    /\b(is|are) (saved|created|deleted|settled|applied|restored|revoked|enabled|changed)\b/,
    /\btargets?\b|\bTargets?\b/,
    /^History$/,
    /\bGroups? of fields|Group name/,
  ],
  'zh-TW': [
    /人員(?<!稽核人員|客服人員)/,
    /對象(?<!適用對象)/,
    /識別碼/,
    /持有/,
    /恢復(?!權限)/,
    /遮蔽/,
    /檢視原值|的原值/,
    /顯示受保護的值/,
    /回收筒(?<!資源回收筒)/,
    /動態/,
    /計畫/,
    /儲存之前/,
    /密鑰/,
    /可以做/,
    /現成/,
    /身分檢視/,
    /空間(?<!權限空間)/,
    /公共/,
    /權限[群]?組/,
    /復原碼/,
    /登入的地方/,
    /個人中心/,
    /使用情況/,
    /規範|正規化/,
    /列表/,
    /查找|尋找/,
    /已過時/,
    /唯一/,
    /保存(?<!另行保存)/,
    /把/,
    /\bkey\b/,
    /你/,
  ],
  'ja-JP': [
    /組み込み/,
    /対象の種類|対象(?!：|外)(?<!操作対象|比較対象)/,
    /廃止/,
    /保持/,
    /一意/,
    /計画/,
    /保存する前に/,
    /アクティビティ/,
    /だれ/,
    /^担当|担当者/,
    /できること/,
    /スタッフ/,
    /役割/,
    /既定の\s?3|独自/,
    /として表示/,
    /スペース(?<!権限スペース)(?!キー|：)/,
    /プール共通|プール自体/,
    /権限グループ/,
    /サインイン|サインアウト/,
    /2 段階/,
    /回復コード/,
    /の場所/,
    /書き出|読み込む/,
    /利用状況/,
    /整え|正規化/,
    /ご自身/,
    /強欲/,
    /[^0-9a-zA-Z]型(?<!データ型)|^型/,
    /: /,
    /外す|外れ/,
    /解散/,
  ],
};

/** Texts in which a word of the list means something else. */
const exceptions: Record<string, string> = {
  'en-US fields.keyLocked': 'a moment, not a result: “after the field is created”',
  'en-US words.issues.dataTypeFixed': 'the same',
  'ja-JP activity.checkpointHelp': '別の場所 is a place to keep a file, not a device',
};

describe.each(languages)('the texts in %s', (language) => {
  const texts = textsOf(language);
  const source = textsOf('zh-CN');

  it('are as many as in Chinese, with the same places', () => {
    expect(texts.size).toBeGreaterThan(900);
    expect([...texts.keys()].sort()).toEqual([...source.keys()].sort());
  });

  it('name the same values', () => {
    const namesOf = (text = '') => [...new Set(text.match(/\{\{\w+|<\w+\/>/g))].sort();
    // One thing needs no number where a language can say it in words.
    const unsaid = new Set(['{{count', '{{normalisable', '{{number']);
    const differing = [...texts].filter(([place, text]) => {
      const wanted = namesOf(source.get(place));
      const found = namesOf(text);
      if (!place.endsWith('_one')) return String(found) !== String(wanted);
      return found.some((name) => !wanted.includes(name)) || wanted.some((n) => !found.includes(n) && !unsaid.has(n));
    });
    expect(differing).toEqual([]);
  });

  it('use the words of the glossary, and none of those that it replaces', () => {
    const found = [...texts].flatMap(([place, text]) =>
      replaced[language]
        .filter((word) => word.test(said(text)) && exceptions[`${language} ${place}`] === undefined)
        .map((word) => `${place}: ${text} (${word.source})`),
    );
    expect(found).toEqual([]);
  });

  it('end an error with a full stop, and an issue if it is more than one sentence', () => {
    const ends = (text: string) => /[.。]$/.test(text);
    const isOdd = ([place, text]: [string, string]) =>
      (place.startsWith('words.errors.') && !ends(text)) ||
      (place.startsWith('words.issues.') && ends(text) !== /\. [A-Z]|。./.test(text));
    expect([...texts].filter(isOdd)).toEqual([]);
  });
});

it('names only texts as exceptions that are there and need to be', () => {
  const needless = Object.keys(exceptions).filter((name) => {
    const [language = 'en-US', place = ''] = name.split(' ') as [Language, string];
    const text = textsOf(language).get(place);
    return text === undefined || !replaced[language].some((word) => word.test(said(text)));
  });
  expect(needless).toEqual([]);
});
