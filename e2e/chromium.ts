import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { chromium } from 'playwright';

/** Debian's browsers. The one without windows takes a quarter less time. */
const [headless, whole] = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];

/** The path of the browser. Undefined for Playwright's own browser, which has priority. */
export function chromiumPath(): string | undefined {
  if (existsSync(chromium.executablePath())) return undefined;
  return existsSync(headless) ? headless : whole;
}

/** Installs a browser if there is none. */
export function requireChromium(): void {
  const isThere = () => existsSync(chromiumPath() ?? chromium.executablePath());
  if (isThere()) return;
  if (run('npx', ['playwright', 'install', 'chromium']) && isThere()) return;
  const mayInstall = isDebian() && userInfo().uid === 0;
  const install = (name: string) => run('apt-get', ['install', '-y', name, 'fonts-noto-cjk']) && isThere();
  if (mayInstall && run('apt-get', ['update']) && (install('chromium-headless-shell') || install('chromium'))) return;
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
