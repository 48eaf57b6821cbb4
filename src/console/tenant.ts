// A tenant is a separate space of definitions and values. Below /t/<id>/ the whole console is about it.

const named = /^\/t\/([^/]+)/.exec(window.location.pathname);

/** The tenant in the URL. Undefined in the user pool itself. */
export const tenantId = named ? decodeURIComponent(named[1] ?? '') : undefined;

/** The prefix of every path of the console. */
export const basename = named?.[0] ?? '/';

/** The same kind of page in another tenant. Its object may not exist there. */
export function pathIn(tenant: string | undefined, pathname: string): string {
  const [, page = 'fields', targetType] = pathname.split('/');
  const place = page === 'fields' && targetType ? `/fields/${targetType}` : `/${page}`;
  return tenant === undefined ? place : `/t/${encodeURIComponent(tenant)}${place}`;
}
