// A tab belongs to one account: what it stores is that account's, and each request names the account.

const key = 'fieldbook.account';
let account = sessionStorage.getItem(key);

export const tabAccount = (): string | null => account;

/** Gives the tab to another account, or to nobody, and removes everything stored in it (viewing.ts, lists/list.ts). */
export function giveTab(next: string | null): void {
  sessionStorage.clear();
  account = next;
  if (next) sessionStorage.setItem(key, next);
}
