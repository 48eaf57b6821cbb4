import { makeClient } from '#contract/client';
import { tenantId } from './tenant.ts';
import { viewing } from './viewing.ts';

/** Calls the server in the viewer's language, for the tenant of the page, as the role that the person views as. */
export const { call, callTagged } = makeClient('', () => ({
  'x-authing-lang': document.documentElement.lang,
  ...(tenantId && { 'x-authing-tenant-id': tenantId }),
  ...(viewing && { 'x-fieldbook-view-as': viewing.role }),
}));
