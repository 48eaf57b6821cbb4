import { account } from './account.ja-JP.ts';
import { keys } from './keys.ja-JP.ts';
import { people } from './people.ja-JP.ts';
import { roles } from './roles.ja-JP.ts';

/** The texts that only the pages of settings need. */
export const settings = { account, keys, people, roles };
