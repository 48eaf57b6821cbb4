import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type Client, makeKeyClient } from '#contract/client';
import { type FieldFile, fieldFile, fileOf, planOfFile, writeFile } from '#contract/file';
import { doesNothing, type FieldPlan, type Plan, type SentPlan } from '#contract/plan';
import { type TargetType, targetTypes } from '#contract/target';
import { issuesOf, nameIssue } from '#contract/wire/issue';
import { words as english } from '#contract/wire/words/en-US';
import { ConfigError } from '../config.ts';

export const fieldsUsage = `  fields export <${targetTypes.join('|')}>                    the definitions as a file, to standard output
  fields plan <file> [--prune] [--retire]                show what the file would change: exit 0 nothing, 2 changes
  fields apply <file> --yes [--prune] [--retire]         apply it; --prune deletes fields that aren’t in the file,
                                                         --retire keeps removed options that are in use as inactive
  against the server in FIELDBOOK_URL, with FIELDBOOK_ACCESS_KEY_ID and FIELDBOOK_ACCESS_KEY_SECRET`;

/** Definitions as files, against a running server. Exit code: 0 (nothing to do, or done), 2 (changes), 1 (refused). */
export async function fieldsCommand(words: string[], env: NodeJS.ProcessEnv, say: (text: string) => void) {
  const { values: flags, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: { prune: { type: 'boolean' }, yes: { type: 'boolean' }, retire: { type: 'boolean' } },
  });
  const [verb, what = ''] = positionals;
  if (!verb || !['export', 'plan', 'apply'].includes(verb) || !what) {
    throw new ConfigError(`Usage: npm run fieldbook -- fields …\n${fieldsUsage}`);
  }
  if (verb === 'apply' && !flags.yes) throw new ConfigError('Review the plan first, then apply the file with --yes.');
  const call = connect(env);
  if (verb === 'export') {
    const type = targetTypes.find((known) => known === what.toUpperCase());
    if (!type) throw new ConfigError(`There is no target type “${what}”. The types are ${targetTypes.join(', ')}.`);
    say(writeFile(fileOf(type, await call('getCustomFields', { targetType: type }))).trimEnd());
    return;
  }
  const file = await open(what);
  const stored = await call('getCustomFields', { targetType: file.targetType as TargetType });
  const { request, unnamed } = planOfFile(file, stored, flags.prune ?? false);
  let plan = await call('planFields', request);
  if (flags.retire) {
    Object.assign(request, { changes: withRetired(request, plan) });
    plan = await call('planFields', request);
  }
  for (const line of tell(plan, flags.prune ? [] : unnamed)) say(line);
  const isBlocked = plan.isBlocked;
  if (doesNothing(plan)) return;
  if (verb === 'plan') process.exitCode = isBlocked ? 1 : 2;
  else if (isBlocked) throw new ConfigError('Nothing applied. Resolve the items marked “!” first.');
  else {
    const { planId } = await call('applyPlan', { ...request, token: plan.token });
    say(`Applied: ${planId}`);
  }
}

/** Decides for every removed option in use: it stays as an inactive option. */
function withRetired({ changes = [] }: SentPlan, plan: Plan): SentPlan['changes'] {
  return changes.map((change) => {
    const options = plan.fields.find(({ key }) => key === change.key)?.options ?? [];
    return { ...change, dispositions: options.map(({ value }) => ({ value, disposition: 'retire' as const })) };
  });
}

const signs: Record<FieldPlan['does'], string> = { create: '+', change: '~', delete: '-', nothing: ' ' };

function* tell(plan: Plan, unnamed: string[]): Generator<string> {
  for (const field of plan.fields) {
    const { does, key, changes, holders, options, broken, duplicates } = field;
    if (does === 'nothing' && !options.length) continue;
    const facts = [changes.join(', '), holders ? `${holders} have a value` : ''].filter(Boolean).join('; ');
    yield `${signs[does]} ${key}${facts ? `  (${facts})` : ''}`;
    for (const { label, value, holders: count, disposition } of options) {
      yield `  ${disposition ? ' ' : '!'} option ${label} (${value}) is removed, used by ${count}${disposition ? `: ${disposition}` : ''}`;
    }
    if (broken.count) yield `    ${broken.count} stored values break the new rules; they stay unchanged`;
    if (duplicates.count) yield `  ! ${duplicates.count} duplicate values; resolve them before turning on unique`;
  }
  if (plan.reorders) yield '~ order of the fields';
  if (unnamed.length) yield `  not in the file, kept: ${unnamed.join(', ')}  (--prune deletes them)`;
  if (doesNothing(plan)) yield 'No changes.';
}

async function open(path: string): Promise<FieldFile> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new ConfigError(`${path} can’t be read.`);
  });
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new ConfigError(`${path} isn’t JSON: ${(error as Error).message}`);
  }
  const parsed = fieldFile.safeParse(content, { error: nameIssue });
  if (parsed.success) return content as FieldFile;
  const lines = issuesOf(parsed.error).map(
    (issue) => `  ${issue.path.join('.')}: ${english.issues[issue.name].replace('{{limit}}', issue.limit ?? '')}`,
  );
  throw new ConfigError([`${path} isn’t a file of field definitions:`, ...lines].join('\n'));
}

/** Calls the server of the environment. An error shows the server's own message. */
function connect(env: NodeJS.ProcessEnv): Client['call'] {
  const { FIELDBOOK_URL: url, FIELDBOOK_ACCESS_KEY_ID: id, FIELDBOOK_ACCESS_KEY_SECRET: secret } = env;
  if (!url || !id || !secret) {
    throw new ConfigError('Set FIELDBOOK_URL, FIELDBOOK_ACCESS_KEY_ID, and FIELDBOOK_ACCESS_KEY_SECRET.');
  }
  const client = makeKeyClient(url.replace(/\/+$/, ''), { id, secret }, { headers: { 'x-authing-lang': 'en-US' } });
  return (...asked) =>
    client.call(...asked).catch((error: Error) => {
      throw new ConfigError(error.message === 'unavailable' ? `No Fieldbook server answers at ${url}.` : error.message);
    });
}
