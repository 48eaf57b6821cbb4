import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { chromium } from 'playwright';

const debian = '/usr/bin/chromium';

/** The path of the browser. Undefined for Playwright's own browser, which has priority. */
export function chromiumPath(): string | undefined {
  return existsSync(chromium.executablePath()) ? undefined : debian;
}

/** Installs a browser if there is none. */
export function requireChromium(): void {
  const isThere = () => existsSync(chromiumPath() ?? chromium.executablePath());
  if (isThere()) return;
  if (run('npx', ['playwright', 'install', 'chromium']) && isThere()) return;
  const mayInstall = isDebian() && userInfo().uid === 0;
  if (mayInstall && run('apt-get', ['update']) && run('apt-get', ['install', '-y', 'chromium', 'fonts-noto-cjk']))
    return;
  throw new Error(
    'The end-to-end tests need Chromium: run `npx playwright install --with-deps chromium`, or install your system’s package.',
  );
}

function run(command: string, words: string[]): boolean {
  try {
    execFileSync(command, words, { stdio: 'inherit', timeout: 10 * 60_000 });
    return true;
  } catch {
    return false;
  }
}

function isDebian(): boolean {
  return existsSync('/etc/os-release') && /ID(_LIKE)?=.*debian/.test(readFileSync('/etc/os-release', 'utf8'));
}
