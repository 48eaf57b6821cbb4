import { account } from './account.zh-TW.ts';
import { keys } from './keys.zh-TW.ts';
import { people } from './people.zh-TW.ts';
import { roles } from './roles.zh-TW.ts';

/** The texts that only the pages of settings need. */
export const settings = { account, keys, people, roles };
