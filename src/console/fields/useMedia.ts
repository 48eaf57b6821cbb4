import { useSyncExternalStore } from 'react';

/** There is space for one language only. */
export const narrow = window.matchMedia('(max-width: 900px)');

/** Whether the window is so, now and after each change. */
export function useMedia(media: MediaQueryList): boolean {
  return useSyncExternalStore(
    (listener) => {
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    () => media.matches,
  );
}
