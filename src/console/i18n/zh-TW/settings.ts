import { account } from './account.ts';
import { keys } from './keys.ts';
import { people } from './people.ts';
import { roles } from './roles.ts';

/** The texts that only the pages of settings need. */
export const settings = { account, keys, people, roles };
