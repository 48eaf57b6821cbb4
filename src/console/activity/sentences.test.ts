import { createInstance } from 'i18next';
import { describe, expect, it } from 'vitest';
import type { ActivityEntry } from '#contract/history';
import type { Language } from '#contract/wire/language';
import { activity as enUS } from '../i18n/en-US/activity.ts';
import { fields } from '../i18n/en-US/fields.ts';
import { activity as jaJP } from '../i18n/ja-JP/activity.ts';
import { activity as zhCN } from '../i18n/zh-CN/activity.ts';
import { activity as zhTW } from '../i18n/zh-TW/activity.ts';
import { sentenceOf } from './sentences.ts';

const texts: Record<Language, object> = { 'zh-CN': zhCN, 'en-US': enUS, 'zh-TW': zhTW, 'ja-JP': jaJP };

/** What the page says in a language, before the field has its place. */
async function sayIn(language: Language) {
  const resources = { [language]: { translation: { activity: texts[language], fields } } };
  const t = await createInstance().init({ lng: language, resources, interpolation: { escapeValue: false } });
  return (entry: Partial<ActivityEntry>): string | undefined => {
    const said = sentenceOf({ event: null, count: 1, definition: null, ...entry }, t);
    return said && t(said.key, said.values);
  };
}

describe('what the audit log says of an entry', () => {
  it('is the sentence of its event, with how many it stands for', async () => {
    const say = await sayIn('en-US');
    expect(say({ event: 'signedIn' })).toBe('Signed in');
    expect(say({ event: 'moved', count: 1 })).toBe('Moved 1 value of <field/>');
    expect(say({ event: 'moved', count: 1_200 })).toBe('Moved 1,200 values of <field/>');
    expect(say({ event: 'moved', count: null })).toBe('Moved values of <field/>');
  });

  it('names the changed properties of a definition as the form does, and another version’s by their own name', async () => {
    const say = await sayIn('en-US');
    const changes = ['options', 'retiredOptions', 'warp'];
    expect(say({ definition: { event: 'changed', changes } })).toBe(
      'Changed <field/>: Options, Inactive options, and warp',
    );
  });

  it('is nothing where before and after say it', async () => {
    expect((await sayIn('en-US'))({})).toBeUndefined();
  });

  it.each(Object.keys(texts) as Language[])('names an event of another version, in %s', async (language) => {
    const say = await sayIn(language);
    for (const event of ['beamedUp', 'toString']) {
      const said = say({ event });
      expect(said).toContain(event);
      expect(said?.length).toBeGreaterThan(event.length);
    }
  });
});
