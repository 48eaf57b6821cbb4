/** Whether SQLite answers that another writes, or mends the log of a process that was killed (SQLITE_BUSY_RECOVERY). */
export const isBusy = (error: unknown): boolean =>
  String((error as { code?: unknown } | undefined)?.code).startsWith('SQLITE_BUSY');
