import { issue } from './issue.ts';

type Engine = typeof import('re2js').RE2JS;
export type Pattern = (text: string) => boolean;

let engine: Engine | undefined;
const known = new Map<string, Pattern | string>();

/**
 * Loads the engine that judges patterns in linear time, so that none can stall whoever runs it. The server does before
 * it listens; a browser only where it meets a pattern.
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
 * The test that a pattern means, or the message of the issue that it has; undefined while the engine isn't loaded.
 * Slashes around it, with flags behind, are read as JavaScript writes them.
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
