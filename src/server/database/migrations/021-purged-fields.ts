import { statements } from './dialect.ts';

export const up = statements(({ text }) => [
  `create table purged_fields (id integer primary key, tenant_id ${text} not null, target_type ${text} not null,
    access ${text} not null)`,
]);
