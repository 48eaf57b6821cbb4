import { makeClient } from '#contract/client';
import { watched } from './reach.ts';
import { tabAccount } from './tab.ts';
import { tenantId } from './tenant.ts';
import { viewing } from './viewing.ts';

/** Calls the server in the viewer's language, for the tab's account and the tenant of the page, as the role that the person views as. */
export const { call, callTagged } = makeClient(
  '',
  () => ({
    'x-authing-lang': document.documentElement.lang,
    ...(tenantId && { 'x-authing-tenant-id': tenantId }),
    'x-fieldbook-account': tabAccount() ?? '',
    ...(viewing && { 'x-fieldbook-view-as': viewing.role }),
  }),
  (url, request) => watched((signal) => fetch(url, { ...request, signal })),
);
