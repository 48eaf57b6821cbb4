/** How texts are compared when people search: without regard to case and width. */
export const fold = (text: string): string => text.normalize('NFKC').toLowerCase();
