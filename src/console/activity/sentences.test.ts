import { createInstance } from 'i18next';
import { describe, expect, it } from 'vitest';
import type { Language } from '#contract/wire/language';
import { activity as enUS } from '../i18n/en-US/activity.ts';
import { activity as jaJP } from '../i18n/ja-JP/activity.ts';
import { activity as zhCN } from '../i18n/zh-CN/activity.ts';
import { activity as zhTW } from '../i18n/zh-TW/activity.ts';
import { sayEvent } from './sentences.ts';

const texts: Record<Language, object> = { 'zh-CN': zhCN, 'en-US': enUS, 'zh-TW': zhTW, 'ja-JP': jaJP };

/** The words of a language, as the page has them. */
async function wordsOf(language: Language) {
  const resources = { [language]: { translation: { activity: texts[language] } } };
  return createInstance().init({ lng: language, resources, interpolation: { escapeValue: false } });
}

describe('what the activity says of an entry', () => {
  it('is the sentence of its event, with how many it stands for', async () => {
    const t = await wordsOf('en-US');
    expect(sayEvent({ event: 'signedIn', count: 1 }, t)).toBe('Signed in');
    expect(sayEvent({ event: 'moved', count: 12 }, t)).toBe('12 values were moved');
    expect(sayEvent({ event: 'moved', count: null }, t)).toBe('values were moved');
  });

  it('is nothing where before and after say it', async () => {
    expect(sayEvent({ event: null, count: 1 }, await wordsOf('en-US'))).toBeUndefined();
  });

  it.each(Object.keys(texts) as Language[])('names an event of another version, in %s', async (language) => {
    const t = await wordsOf(language);
    for (const event of ['beamedUp', 'toString']) {
      const said = sayEvent({ event, count: 1 }, t);
      expect(said).toContain(event);
      expect(said?.length).toBeGreaterThan(event.length);
    }
  });
});
