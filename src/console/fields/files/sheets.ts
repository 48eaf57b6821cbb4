import type Papa from 'papaparse';

/** Loads what reads and writes the text of spreadsheets. */
export const loadSheets = async (): Promise<typeof Papa> => (await import('papaparse')).default;
