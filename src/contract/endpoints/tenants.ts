import { z } from 'zod';
import { tenant } from '../directory.ts';
import { endpoint } from '../wire/endpoint.ts';
import { flag, identifier, keywords, paging, storable } from '../wire/scalars.ts';
import { description, paged } from './shared.ts';

const tenantFlags = { withMembersCount: flag.nullish() };

/** The address of an image. */
const logo = storable.max(2_048);

export const tenantsEndpoints = {
  listTenants: endpoint({
    method: 'GET',
    path: '/api/v3/list-tenants',
    right: ['read'],
    effect: 'read',
    effort: 'search',
    summary: 'Tenants',
    input: z.object({ ...paging, keywords, ...tenantFlags }),
    output: paged(tenant),
  }),
  getTenant: endpoint({
    method: 'GET',
    path: '/api/v3/get-tenant',
    right: ['read'],
    effect: 'read',
    summary: 'One tenant',
    input: z.object({ tenantId: identifier, ...tenantFlags }),
    output: tenant,
  }),
  createTenant: endpoint({
    method: 'POST',
    path: '/api/v3/create-tenant',
    right: ['directory'],
    effect: 'write',
    summary: 'Create a tenant',
    input: z.object({
      name: storable.min(1).max(64),
      description,
      appIds: z.array(storable.max(128)).max(50).nullish(),
      logo: z.union([logo, z.array(logo).max(10)]).nullish(),
      rejectHint: storable.max(1_024).nullish(),
      sourceAppId: storable.max(128).nullish(),
      enterpriseDomains: z.array(storable.max(253)).max(50).nullish(),
    }),
    output: tenant,
  }),
};
