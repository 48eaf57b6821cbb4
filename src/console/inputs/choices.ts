import { fold } from '#contract/wire/fold';

/** Lets people find what they may choose by its name or its value, without regard to case and width. */
export const searchChoices = {
  filterOption(text: string, option: object | undefined): boolean {
    const wanted = fold(text);
    return Object.values(option ?? {}).some((part) => typeof part === 'string' && fold(part).includes(wanted));
  },
};
