/** Folds a text for search: it ignores case and width. */
export const fold = (text: string): string => text.normalize('NFKC').toLowerCase();
