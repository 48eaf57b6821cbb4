// A tab is one account's: what it keeps is theirs alone, and what it sends says for whom it was drawn.

const key = 'fieldbook.account';
let account = sessionStorage.getItem(key);

export const tabAccount = (): string | null => account;

/** Gives the tab to an account, or to nobody, without anything that was kept in it (viewing.ts, lists/list.ts). */
export function giveTab(next: string | null): void {
  sessionStorage.clear();
  account = next;
  if (next) sessionStorage.setItem(key, next);
}
