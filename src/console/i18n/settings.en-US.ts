import { account } from './account.en-US.ts';
import { keys } from './keys.en-US.ts';
import { people } from './people.en-US.ts';
import { roles } from './roles.en-US.ts';

/** The texts that only the pages of settings need. */
export const settings = { account, keys, people, roles };
