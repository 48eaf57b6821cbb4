import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { chromium } from 'playwright';

const debian = '/usr/bin/chromium';

/** The browser of the suite: Playwright's own if it is there (undefined), else Debian's, else whichever can be installed. */
export function findChromium(): string | undefined {
  if (existsSync(chromium.executablePath())) return undefined;
  if (existsSync(debian)) return debian;
  if (run('npx', ['playwright', 'install', 'chromium']) && existsSync(chromium.executablePath())) return undefined;
  if (
    isDebian() &&
    userInfo().uid === 0 &&
    run('apt-get', ['update']) &&
    run('apt-get', ['install', '-y', 'chromium', 'fonts-noto-cjk'])
  ) {
    return debian;
  }
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
