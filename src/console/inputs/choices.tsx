import { Search } from 'lucide-react';
import { fold } from '#contract/wire/fold';

/** antd's own is read out by its English name. */
export const searchIcon = <Search className="icon" aria-hidden />;

/** Finds an option by its name or value, ignoring case and width. */
export const searchChoices = {
  searchIcon,
  filterOption(text: string, option: object | undefined): boolean {
    const wanted = fold(text);
    return Object.values(option ?? {}).some((part) => typeof part === 'string' && fold(part).includes(wanted));
  },
};
