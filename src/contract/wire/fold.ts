/** Folds a text for search: it ignores case and width. */
export const fold = (text: string): string => text.normalize('NFKC').toLowerCase();

/**
 * An e-mail address as accounts are found by it. Only A to Z lose their case: U+212A, the sign for kelvin, becomes k by
 * `toLowerCase`, and would make somebody else's address that of an account.
 */
export const foldAddress = (address: string): string => address.trim().replace(/[A-Z]/g, (sign) => sign.toLowerCase());
