import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

interface Violation {
  id: string;
  nodes: { html: string }[];
}

/**
 * What axe finds on a page, or in a part of it, by its rules for WCAG 2.2 A and AA, or by all that it knows. It waits
 * for what moves.
 */
export async function axe(page: Page, { within, byAll = false }: { within?: string; byAll?: boolean } = {}) {
  await page.evaluate(source);
  return page.evaluate(
    async ({ within, runOnly }) => {
      await Promise.all(document.getAnimations().map((one) => one.finished.catch(() => undefined)));
      const { axe: run } = window as unknown as {
        axe: { run: (context: unknown, options: object) => Promise<{ violations: Violation[] }> };
      };
      // What isn't reported needs no selector of each of its nodes.
      const { violations } = await run.run(within ?? document, {
        resultTypes: ['violations'],
        ...(runOnly && { runOnly }),
      });
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
    },
    { within, runOnly: byAll ? undefined : wcag },
  );
}
