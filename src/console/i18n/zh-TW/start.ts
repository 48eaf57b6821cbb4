import { words } from '#contract/wire/words/zh-TW';
import type { Texts } from '../texts.ts';
import { app } from './app.ts';
import { directory } from './directory.ts';
import { fieldsElsewhere } from './fieldsElsewhere.ts';
import { history } from './history.ts';
import { staff } from './staff.ts';
import { values } from './values.ts';

/** The texts that the console starts with. Some pages load their own. */
export const start: Texts = {
  app,
  staff,
  fields: fieldsElsewhere,
  values,
  history,
  directory,
  errors: words.errors,
  issues: words.issues,
};
