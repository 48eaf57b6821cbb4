import { fold } from '#contract/wire/fold';
import { type Language, languages } from '#contract/wire/language';

/** What a column of a pasted block can hold: an option's value, a default text, or a translation. */
export type Column = 'value' | 'label' | Language;

export const columns: readonly Column[] = ['value', 'label', ...languages];

/** What people write above a column, in the four languages. Case, width, spaces and signs don't count. */
const names: Record<Column, string[]> = {
  value: ['value', 'option value', 'code', 'key', '值', '选项值', '選項值', '値', '選択肢の値', 'コード', 'キー'],
  label: [
    ...['label', 'option label', 'name', 'default', 'default text', 'default name', 'text'],
    ...['名称', '选项名称', '标签', '默认', '默认文本', '默认名称', '文本'],
    ...['名稱', '選項名稱', '標籤', '預設', '預設文字', '預設名稱', '文字'],
    ...['表示名', '選択肢の表示名', '名前', 'ラベル', '既定', '既定のテキスト', '既定の名前', 'テキスト'],
  ],
  'zh-CN': [
    'zh',
    'zh-hans-cn',
    'cn',
    '简',
    '简中',
    '简体',
    '中文简体',
    '簡中',
    '簡體',
    '簡体字',
    '簡体字中国語',
    '簡体中文',
  ],
  'en-US': ['en-us', 'en-gb', 'eng', '英', '英文', '英語', '英语'],
  'zh-TW': [
    'zh-hant-tw',
    'zh-hk',
    'tw',
    '繁',
    '繁中',
    '繁体',
    '繁體',
    '中文繁體',
    '繁体中文',
    '繁体字',
    '繁体字中国語',
  ],
  'ja-JP': ['jp', 'jpn', '日', '日文', '日语', '日語', '和文'],
};

const tags: Record<Language, string[]> = {
  'zh-CN': ['zh-Hans', 'zh-CN'],
  'en-US': ['en', 'en-US'],
  'zh-TW': ['zh-Hant', 'zh-TW'],
  'ja-JP': ['ja', 'ja-JP'],
};

const plain = (text: string) => fold(text).replace(/[\s_()（）［］[\]·・,、:：*-]/g, '');

let known: Map<string, Column> | undefined;

/** Each name with its column: the names above, and what each language calls the four. */
function knownNames(): Map<string, Column> {
  const found = new Map<string, Column>();
  for (const [column, own] of Object.entries(names) as [Column, string[]][])
    for (const name of own) found.set(plain(name), column);
  for (const language of languages) {
    for (const name of [language, ...tags[language]]) found.set(plain(name), language);
    for (const reader of languages)
      for (const languageDisplay of ['standard', 'dialect'] as const) {
        const display = new Intl.DisplayNames(reader, { type: 'language', languageDisplay });
        for (const tag of tags[language]) found.set(plain(display.of(tag) ?? tag), language);
      }
  }
  return found;
}

/** The column that a cell of a header row names. */
export function columnNamed(cell: string): Column | undefined {
  known ??= knownNames();
  return known.get(plain(cell));
}
