import { account } from './account.ts';
import { keys } from './keys.ts';
import { people } from './people.ts';
import { roles } from './roles.ts';

/** Texts that only the settings pages need. */
export const settings = { account, keys, people, roles };
