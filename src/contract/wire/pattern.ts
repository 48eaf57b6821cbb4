import { issue } from './issue.ts';

type Engine = typeof import('re2js').RE2JS;
/** Whether a text matches. `size` is the number of compiled instructions; a match takes size × length steps. */
export type Pattern = ((text: string) => boolean) & { size: number };

/** How many instructions the patterns of one field may have together. */
export const mostInstructions = 1_000;

let engine: Engine | undefined;
const known = new Map<string, Pattern | string>();
let kept = 0;

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
  const size = typeof made === 'string' ? 0 : made.size;
  if (known.size > 500 || kept + size > 50 * mostInstructions) {
    known.clear();
    kept = 0;
  }
  known.set(content, made);
  kept += size;
  return made;
}

function compile(re2: Engine, content: string): Pattern | string {
  const [, source = content, flags = ''] = /^\/(.*)\/([imsu]*)$/s.exec(content) ?? [];
  const unsupported = missing.find(([form]) => form.test(source.replace(/\\\\/g, '')));
  if (unsupported) return issue('patternUnsupported', unsupported[1]);
  // Compiling a huge pattern would already take seconds.
  if (guessSize(source) > 4 * mostInstructions) return issue('patternTooLarge', mostInstructions);
  const wanted =
    (flags.includes('i') ? re2.CASE_INSENSITIVE : 0) |
    (flags.includes('m') ? re2.MULTILINE : 0) |
    (flags.includes('s') ? re2.DOTALL : 0);
  try {
    const pattern = re2.compile(source, wanted);
    return Object.assign((text: string) => pattern.matcher(text).find(), { size: pattern.programSize() });
  } catch (error) {
    return issue('patternInvalid', String((error as Error).message).replace(/^error parsing regexp: /, ''));
  }
}

const parts =
  /\\[xpP]\{[^}]*\}|\\.|\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]|\((?:\?(?:P?<\w+>|[a-zA-Z-]*[:)]))?|\{(\d+)(?:,(\d*))?\}|./gsu;

/** A lower estimate of how many instructions a pattern compiles to. Repetitions are what makes a pattern large. */
function guessSize(source: string): number {
  const open = [0];
  let last = 0;
  const add = (size: number) => {
    last = size;
    open.push((open.pop() ?? 0) + size);
  };
  for (const [part, from, to] of source.matchAll(parts)) {
    if (from !== undefined) {
      const repeated = last * Math.max(Number(from), Number(to ?? 0));
      add(repeated - last);
      last = repeated;
    } else if (part.startsWith('(')) {
      // Flags alone, such as `(?i)`, open no group.
      if (!part.endsWith(')')) open.push(0);
    } else if (part === ')') add(2 + (open.length > 1 ? (open.pop() ?? 0) : 0));
    else add(1);
  }
  return open.reduce((sum, size) => sum + size, 0);
}
