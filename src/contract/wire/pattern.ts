import { issue } from './issue.ts';

type Engine = typeof import('re2js').RE2JS;
export type Pattern = (text: string) => boolean;

let engine: Engine | undefined;
const known = new Map<string, Pattern | string>();

/**
 * Loads the engine that runs patterns in linear time, so that no pattern can block the process. The server loads it
 * before it listens. A browser loads it only when it meets a pattern.
 */
export async function loadPatternEngine(): Promise<void> {
  engine ??= (await import('re2js')).RE2JS;
}

const missing: [RegExp, string][] = [
  [/\(\?<?[=!]/, '(?=…) (?!…) (?<=…) (?<!…)'],
  [/\\[1-9]/, '\\1'],
  [/\\k</, '\\k<…>'],
  [/\(\?>|[*+?}]\+/, '(?>…) a++'],
];

/**
 * The test of a pattern, or the message of its issue. Undefined while the engine isn't loaded. It reads
 * `/pattern/flags` as JavaScript does.
 */
export function patternOf(content: string): Pattern | string | undefined {
  const done = known.get(content);
  if (done !== undefined || !engine) return done;
  const made = compile(engine, content);
  if (known.size > 500) known.clear();
  known.set(content, made);
  return made;
}

function compile(re2: Engine, content: string): Pattern | string {
  const [, source = content, flags = ''] = /^\/(.*)\/([imsu]*)$/s.exec(content) ?? [];
  const unsupported = missing.find(([form]) => form.test(source.replace(/\\\\/g, '')));
  if (unsupported) return issue('patternUnsupported', unsupported[1]);
  const wanted =
    (flags.includes('i') ? re2.CASE_INSENSITIVE : 0) |
    (flags.includes('m') ? re2.MULTILINE : 0) |
    (flags.includes('s') ? re2.DOTALL : 0);
  try {
    const pattern = re2.compile(source, wanted);
    return (text) => pattern.matcher(text).find();
  } catch (error) {
    return issue('patternInvalid', String((error as Error).message).replace(/^error parsing regexp: /, ''));
  }
}
