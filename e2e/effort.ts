import type { Page } from '@playwright/test';

// What a task costs: presses of the mouse and keys, as the page hears them.

/** Presses and keys. */
export interface Effort {
  clicks: number;
  /** Without those that only write text, whose number is the text's. */
  keys: number;
}

/** Counts from now on, on every page that is opened later. `spent` gives the counts, also after a navigation. */
export async function countEffort(page: Page): Promise<{ spent: () => Promise<Effort> }> {
  const effort: Effort = { clicks: 0, keys: 0 };
  await page.exposeFunction('fieldbookEffort', (what: keyof Effort) => {
    effort[what] += 1;
  });
  await page.addInitScript(() => {
    const tell = (window as unknown as { fieldbookEffort: (what: 'clicks' | 'keys') => Promise<void> }).fieldbookEffort;
    addEventListener('pointerdown', () => void tell('clicks'), true);
    addEventListener(
      'keydown',
      ({ key, ctrlKey, metaKey }) => {
        const isModifier = ['Control', 'Shift', 'Alt', 'Meta'].includes(key);
        const isText = key.length === 1 && !ctrlKey && !metaKey;
        if (!isModifier && !isText) void tell('keys');
      },
      true,
    );
  });
  return {
    async spent() {
      // What was told before this answers was counted.
      await page.evaluate(() => new Promise(requestAnimationFrame));
      return { ...effort };
    },
  };
}
