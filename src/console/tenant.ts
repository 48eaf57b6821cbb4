// A tenant is a space of definitions and values of its own; below /t/<id>/ the whole console is about it.

const named = /^\/t\/([^/]+)/.exec(window.location.pathname);

/** The tenant that the URL names; undefined in the pool's own space. */
export const tenantId = named ? decodeURIComponent(named[1] ?? '') : undefined;

/** What every path of the console stands below. */
export const basename = named?.[0] ?? '/';

/** The same kind of page in another space; what it is about may not be there. */
export function pathIn(tenant: string | undefined, pathname: string): string {
  const [, page = 'fields', targetType] = pathname.split('/');
  const place = page === 'fields' && targetType ? `/fields/${targetType}` : `/${page}`;
  return tenant === undefined ? place : `/t/${encodeURIComponent(tenant)}${place}`;
}
