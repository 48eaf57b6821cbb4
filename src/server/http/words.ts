import { textOf } from '#contract/translation';
import { type ApiError, errors } from '#contract/wire/errors';
import type { Issue } from '#contract/wire/issue';
import { type Language, languages } from '#contract/wire/language';
import { words as enUS } from '#contract/wire/words/en-US';
import { words as jaJP } from '#contract/wire/words/ja-JP';
import type { Words } from '#contract/wire/words/words';
import { words as zhCN } from '#contract/wire/words/zh-CN';
import { words as zhTW } from '#contract/wire/words/zh-TW';

const words: Record<Language, Words> = { 'zh-CN': zhCN, 'en-US': enUS, 'zh-TW': zhTW, 'ja-JP': jaJP };

/**
 * The caller's language from an `x-…-lang` or `Accept-Language` header. The SDKs send zh-CN by default, so a request
 * without a header gets en-US.
 */
export function languageOf(...headers: (string | undefined)[]): Language {
  for (const header of headers) {
    for (const wanted of header?.split(',') ?? []) {
      const tag = wanted.split(';')[0]?.trim().toLowerCase() ?? '';
      const found = languages.find((language) => language.toLowerCase() === tag);
      if (found) return found;
      if (/^zh-(hant|tw|hk|mo)/.test(tag)) return 'zh-TW';
      const base = languages.find((language) => tag && language.startsWith(`${tag.split('-')[0]}-`));
      if (base) return base;
    }
  }
  return 'en-US';
}

/** The message and issues of an error in the caller's language: the first issue and the number of others. */
export function wordError(error: ApiError, language: Language): { message: string; issues?: Issue[] } {
  const { errors: sentences, issues: phrases, parameter, more } = words[language];
  const [first] = error.issues;
  if (!first) return { message: sentences[error.name] };
  const issues = error.issues.map(({ says, ...issue }) => ({
    ...issue,
    message: says
      ? textOf(says.error, says.i18n?.error, language)
      : fill(phrases[issue.name], { limit: issue.limit ?? '' }),
  }));
  const name = nameOf(first);
  const isParameter = errors[error.name].statusCode === 400;
  const said = isParameter
    ? fill(parameter, { name, words: issues[0]?.message ?? '' })
    : `${sentences[error.name]}${name ? ` (${name})` : ''}`;
  const message = issues.length > 1 ? fill(more, { message: said, count: String(issues.length - 1) }) : said;
  return { message, issues };
}

const nameOf = (issue: Issue) => issue.path.join('.');

function fill(sentence: string, values: Record<string, string>): string {
  return sentence.replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? '');
}
