import type { z } from 'zod';
import { accountsEndpoints } from './endpoints/accounts.ts';
import { activityEndpoints } from './endpoints/activity.ts';
import { departmentsEndpoints } from './endpoints/departments.ts';
import { fieldsEndpoints } from './endpoints/fields.ts';
import { groupsEndpoints } from './endpoints/groups.ts';
import { historyEndpoints } from './endpoints/history.ts';
import { keysEndpoints } from './endpoints/keys.ts';
import { listsEndpoints } from './endpoints/lists.ts';
import { overviewEndpoints } from './endpoints/overview.ts';
import { plansEndpoints } from './endpoints/plans.ts';
import { rolesEndpoints } from './endpoints/roles.ts';
import { staffEndpoints } from './endpoints/staff.ts';
import { tenantsEndpoints } from './endpoints/tenants.ts';
import { usersEndpoints } from './endpoints/users.ts';
import { valuesEndpoints } from './endpoints/values.ts';

/** The endpoints by noun. */
export const nouns = {
  accounts: accountsEndpoints,
  fields: fieldsEndpoints,
  values: valuesEndpoints,
  users: usersEndpoints,
  roles: rolesEndpoints,
  groups: groupsEndpoints,
  departments: departmentsEndpoints,
  tenants: tenantsEndpoints,
  staff: staffEndpoints,
  keys: keysEndpoints,
  plans: plansEndpoints,
  lists: listsEndpoints,
  history: historyEndpoints,
  activity: activityEndpoints,
  overview: overviewEndpoints,
};

/** The table of all endpoints. Server routes, console calls, OpenAPI and the role matrix derive from it. */
export const endpoints = {
  ...accountsEndpoints,
  ...fieldsEndpoints,
  ...valuesEndpoints,
  ...usersEndpoints,
  ...rolesEndpoints,
  ...groupsEndpoints,
  ...departmentsEndpoints,
  ...tenantsEndpoints,
  ...staffEndpoints,
  ...keysEndpoints,
  ...plansEndpoints,
  ...listsEndpoints,
  ...historyEndpoints,
  ...activityEndpoints,
  ...overviewEndpoints,
};

export type Endpoints = typeof endpoints;
export type EndpointName = keyof Endpoints;
export type Input<N extends EndpointName> = z.output<Endpoints[N]['input']>;
export type Sent<N extends EndpointName> = z.input<Endpoints[N]['input']>;
export type Output<N extends EndpointName> = z.output<Endpoints[N]['output']>;
