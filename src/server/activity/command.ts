import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Checkpoint, checkpoint } from '#contract/history';
import { parseJson } from '#contract/wire/scalars';
import { ConfigError } from '../config.ts';
import type { Operator } from '../context.ts';
import { takeCheckpoint } from '../record/seal.ts';
import { verifyActivity } from './verify.ts';

export const activityUsage = `  verify-activity [--checkpoint <file>]
  checkpoint <file>
`;

/** Verifies the audit log against its seals. The exit code is 1 if something is wrong. */
export async function verifyCommand(
  words: string[],
  { withReader, say }: Pick<Operator, 'withReader' | 'say'>,
): Promise<void> {
  const { values } = parseArgs({ args: words, options: { checkpoint: { type: 'string' } } });
  const kept = values.checkpoint === undefined ? undefined : readCheckpoint(values.checkpoint);
  await withReader(async (reader) => {
    const { missing } = reader.database;
    if (missing.includes('008-activity'))
      throw new ConfigError(
        'The database was written by a version without an audit log. Start this version on it once, then verify it.',
      );
    const { count, unsealed, faults } = await verifyActivity(reader, kept);
    if (missing.length)
      say('The database is from an older version. It is upgraded when a server of this version starts on it.');
    for (const fault of faults.slice(0, 100)) say(fault);
    if (faults.length > 100) say(`… and ${faults.length - 100} more.`);
    if (unsealed)
      say(`${unsealed} entries aren’t sealed yet. Until a server seals them, they can be removed without a trace.`);
    if (!faults.length) return say(`${count} entries are unchanged since they were sealed.`);
    say(`The audit log was changed after it was sealed: ${faults.length} faults.`);
    process.exitCode = 1;
  });
}

/** Writes the signed head to a file. */
export async function checkpointCommand(
  [file]: string[],
  { withServer, say }: Pick<Operator, 'withServer' | 'say'>,
): Promise<void> {
  if (!file) throw new ConfigError('Missing file name. Usage: checkpoint <file>');
  await withServer(async (server) => {
    const taken = await takeCheckpoint(server);
    writeFileSync(file, `${JSON.stringify(taken, null, 2)}\n`);
    say(
      `Wrote ${file}: a checkpoint of ${taken.count} entries. Keep it where no one who can write to the database can change it.`,
    );
  });
}

function readCheckpoint(file: string): Checkpoint {
  if (!existsSync(file)) throw new ConfigError(`There is no file ${file}.`);
  const parsed = checkpoint.safeParse(parseJson(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new ConfigError(`${file} isn’t a checkpoint of an audit log.`);
  return parsed.data;
}
