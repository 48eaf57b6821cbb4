import { account } from './account.zh-CN.ts';
import { keys } from './keys.zh-CN.ts';
import { people } from './people.zh-CN.ts';
import { roles } from './roles.zh-CN.ts';

/** The texts that only the pages of settings need. */
export const settings = { account, keys, people, roles };
