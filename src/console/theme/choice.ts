import { useSyncExternalStore } from 'react';

export const themeChoices = ['system', 'light', 'dark'] as const;
export type ThemeChoice = (typeof themeChoices)[number];

const key = 'fieldbook.theme';
const system = window.matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();

export function themeChoice(): ThemeChoice {
  const stored = localStorage.getItem(key);
  return themeChoices.find((choice) => choice === stored) ?? 'system';
}

export function setThemeChoice(choice: ThemeChoice): void {
  localStorage.setItem(key, choice);
  applyTheme();
}

/** Applies the theme to the document, before the first paint and on every change. */
export function applyTheme(): void {
  document.documentElement.dataset.theme = isDark() ? 'dark' : 'light';
  for (const listener of listeners) listener();
}
system.addEventListener('change', applyTheme);

function isDark(): boolean {
  const choice = themeChoice();
  return choice === 'dark' || (choice === 'system' && system.matches);
}

export function useTheme(): { choice: ThemeChoice; dark: boolean } {
  const state = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => `${themeChoice()} ${isDark()}`,
  );
  const [choice = 'system', dark] = state.split(' ');
  return { choice: choice as ThemeChoice, dark: dark === 'true' };
}
