import { useEffect } from 'react';
import { z } from 'zod';
import { basename } from './tenant.ts';

// What the person looked at in this tab, the latest first. It goes with everything else that the tab stores when
// another account signs in (tab.ts).

const key = 'fieldbook.recent';
const most = 8;

const visit = z.object({ path: z.string(), name: z.string(), aside: z.string() });
type Visit = z.output<typeof visit>;
const stored = z.array(visit.extend({ base: z.string() }));

const read = () => stored.safeParse(JSON.parse(sessionStorage.getItem(key) ?? '[]')).data ?? [];

/** The pages of this tenant that the person looked at last. */
export const recentVisits = (): Visit[] => read().filter(({ base }) => base === basename);

/** Notes that the person looks at something. */
export function Visited({ path, name, aside }: Visit): null {
  useEffect(() => {
    const others = read().filter((one) => one.path !== path || one.base !== basename);
    sessionStorage.setItem(key, JSON.stringify([{ path, name, aside, base: basename }, ...others].slice(0, most)));
  }, [path, name, aside]);
  return null;
}

/** Forgets a page that isn't there any more. */
export function forgetVisit(path: string): void {
  const kept = read().filter((one) => one.path !== path || one.base !== basename);
  sessionStorage.setItem(key, JSON.stringify(kept));
}
