import { z } from 'zod';
import { hasTexts, mergeTexts, sentTranslations, translations } from './translation.ts';
import { type IssueName, issue } from './wire/issue.ts';
import { exactNumber } from './wire/number.ts';
import { mostInstructions, patternOf } from './wire/pattern.ts';
import { parseJson, storable } from './wire/scalars.ts';

/**
 * The rules that Fieldbook enforces: those of the API, and `length` and `range`, whose content is `from..to` (either
 * end can be absent).
 */
export const ruleTypes = ['regExp', 'length', 'range', 'email', 'phone', 'isNumber'] as const;
export type RuleType = (typeof ruleTypes)[number];

export const maxRuleError = 256;

/** A stored rule. `error` is the administrator's message for a value that breaks it. */
export const rule = z.object({
  type: z.string(),
  content: storable.max(1_024),
  error: storable.max(maxRuleError),
  i18n: z.object({ error: translations }).optional(),
});
export type Rule = z.output<typeof rule>;

/** `UNIQUE` means the same as `isUnique`. `None` means nothing. Other types stay as the client sent them. */
const knownWords = [...ruleTypes, 'UNIQUE', 'None'];

export const sentRule = z
  .looseObject({
    type: storable.max(64),
    content: storable.max(1_024).nullish(),
    error: storable.max(maxRuleError).nullish(),
    i18n: z.object({ error: sentTranslations(maxRuleError) }).nullish(),
  })
  .transform(({ type, content, error, i18n, ...rest }) => ({
    type: knownWords.find((word) => word.toLowerCase() === type.trim().toLowerCase()) ?? type,
    content: content ?? '',
    error: error ?? (typeof rest.errorMessage === 'string' ? rest.errorMessage : ''),
    ...(i18n && { i18n }),
  }));
export type SentRule = z.output<typeof sentRule>;

/** Rules as clients send them: a list or a single rule, each possibly as JSON text, or null. */
export const sentRules = z.preprocess((value) => {
  const parsed = typeof value === 'string' ? (parseJson(value) ?? value) : (value ?? undefined);
  return Array.isArray(parsed) || parsed === undefined ? parsed : [parsed];
}, z.array(sentRule).max(20).optional());

/** The rules after a change. A rule that comes without translations keeps its earlier translations. */
export function mergeRules(stored: Rule[], sent: SentRule[], clear: boolean | undefined): Rule[] {
  return sent.map(({ i18n, ...next }) => {
    const former = stored.find(({ type, content }) => type === next.type && content === next.content);
    const texts = mergeTexts(former?.i18n?.error, i18n?.error, next.error, clear);
    return { ...next, ...(hasTexts(texts) && { i18n: { error: texts } }) };
  });
}

export const isUniqueRule = ({ type }: { type: string }) => type === 'UNIQUE';

/**
 * The message of a fault in the content of the rule itself. `room` is how many instructions the patterns of its field
 * can still have. Undefined if the rule is valid.
 */
export function faultOf({ type, content }: Rule, room = mostInstructions): string | undefined {
  switch (type) {
    case 'regExp': {
      const pattern = content ? patternOf(content) : issue('required');
      if (typeof pattern === 'string') return pattern;
      return pattern && pattern.size > room ? issue('patternTooLarge', mostInstructions) : undefined;
    }
    case 'length':
      return faultOfBounds(content, (text) => (/^\d{1,9}$/.test(text) ? Number(text) : undefined));
    case 'range':
      return faultOfBounds(content, (text) => numberOf(text) ?? dayOf(text, 'from'));
    default:
      return undefined;
  }
}

/** The number of instructions that a rule's pattern compiles to. */
export function instructionsOf({ type, content }: Rule): number {
  const pattern = type === 'regExp' ? patternOf(content) : undefined;
  return typeof pattern === 'function' ? pattern.size : 0;
}

/** At worst about 100 ms: the thread that answers requests judges the values. */
const mostSteps = 2_000_000;

/** The greatest length of a text that the patterns of a field are matched against, in characters. */
export function longestJudged(rules: Rule[]): number {
  const size = rules.reduce((sum, rule) => sum + instructionsOf(rule), 0);
  return Math.floor(mostSteps / size);
}

/**
 * The message for a value that breaks the rule. Undefined if it doesn't, or if Fieldbook doesn't enforce this type of
 * rule.
 */
export function breachOf({ type, content }: Rule, value: string | number | boolean): string | undefined {
  const check = ruleTypes.find((known) => known === type);
  return check && checks[check](content, value);
}

type Check = (content: string, value: string | number | boolean) => string | undefined;

const checks: Record<RuleType, Check> = {
  regExp: (content, value) => {
    const pattern = patternOf(content);
    return typeof pattern === 'function' && !pattern(String(value)) ? issue('patternBroken', content) : undefined;
  },
  length: (content, value) => {
    const { from, to } = ends(content);
    const length = [...String(value)].length;
    if (from && length < Number(from)) return issue('tooShort', from);
    return to && length > Number(to) ? issue('tooLong', to) : undefined;
  },
  range: (content, value) => {
    const { from, to } = ends(content);
    const read = typeof value === 'number' ? numberOf : dayOf;
    const held = typeof value === 'number' ? value : Date.parse(String(value));
    const [low, high] = [read(from, 'from'), read(to, 'to')];
    if (low !== undefined && held < low) return issue('tooSmall', from);
    return high !== undefined && held > high ? issue('tooBig', to) : undefined;
  },
  email: (_content, value) => (isEmail(String(value)) ? undefined : issue('notAnEmail')),
  phone: (_content, value) =>
    /^\+?\d{5,15}$/.test(String(value).replace(/[\s().-]/g, '')) ? undefined : issue('notAPhone'),
  isNumber: (_content, value) => (exactNumber(String(value)) === undefined ? issue('notANumber') : undefined),
};

export function ends(content: string): { from: string; to: string } {
  const at = content.indexOf('..');
  return at < 0 ? { from: content, to: '' } : { from: content.slice(0, at), to: content.slice(at + 2) };
}

function faultOfBounds(content: string, read: (text: string) => number | undefined): string | undefined {
  const { from, to } = ends(content);
  const [low, high] = [read(from), read(to)];
  const bad: IssueName = 'boundsMalformed';
  if (!content.includes('..') || (!from && !to)) return issue(bad);
  if ((from && low === undefined) || (to && high === undefined)) return issue(bad);
  return low !== undefined && high !== undefined && low > high ? issue('boundsReversed') : undefined;
}

function numberOf(text: string): number | undefined {
  const read = exactNumber(text);
  return typeof read === 'number' ? read : undefined;
}

const dayLength = 86_400_000;

/** The instant at which a day begins or ends. */
function dayOf(text: string, end: 'from' | 'to'): number | undefined {
  const start = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(start)) return undefined;
  return end === 'from' ? start : start + dayLength - 1;
}

/** Without a pattern, because a pattern for addresses takes quadratic time on long text. */
function isEmail(text: string): boolean {
  const at = text.indexOf('@');
  const domain = text.slice(at + 1);
  if (at < 1 || domain.includes('@') || /\s/.test(text)) return false;
  return domain.includes('.') && domain.split('.').every((part) => part !== '');
}
