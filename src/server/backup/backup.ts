import { existsSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { type Config, ConfigError, flush, sqliteFile } from '../config.ts';

// Full copies of an SQLite database while a server runs. PostgreSQL has its own tools for that.

/** Writes the state of the database at one moment to a new file that only its owner can read. */
export function backUp(config: Config, target: string | undefined): string {
  const live = liveFile(config, 'pg_dump');
  if (!target) throw new ConfigError('Missing file name. Usage: backup <file>');
  if (existsSync(target)) throw new ConfigError(`${target} already exists and wasn’t overwritten.`);
  if (!existsSync(live)) throw new ConfigError(`There is no database ${live}.`);
  copyTo(live, target);
  return target;
}

/** The file of an SQLite database. For PostgreSQL, the error names the tool to use. */
export function liveFile({ databaseUrl }: Config, tool: string): string {
  if (databaseUrl.startsWith('sqlite:')) return sqliteFile(databaseUrl);
  throw new ConfigError(`This database is PostgreSQL's: use ${tool}.`);
}

/** Makes a complete copy, or none. */
export function copyTo(live: string, target: string): void {
  const part = `${target}.part`;
  rmSync(part, { force: true });
  const connection = new Sqlite(live, { readonly: true, timeout: 10_000 });
  try {
    connection.prepare('vacuum into ?').run(part);
  } finally {
    connection.close();
  }
  flush(part);
  renameSync(part, target);
  flush(dirname(target));
}
