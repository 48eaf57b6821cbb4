import type Papa from 'papaparse';

/** Loads the library that reads and writes spreadsheet text. */
export const loadSheets = async (): Promise<typeof Papa> => (await import('papaparse')).default;
