import { fold } from '#contract/wire/fold';

/** Finds an option by its name or value, ignoring case and width. */
export const searchChoices = {
  filterOption(text: string, option: object | undefined): boolean {
    const wanted = fold(text);
    return Object.values(option ?? {}).some((part) => typeof part === 'string' && fold(part).includes(wanted));
  },
};
