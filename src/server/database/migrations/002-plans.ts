import { statements } from './dialect.ts';

export const up = statements(({ text }) => [
  `create table plans (id ${text} primary key, at ${text} not null, tenant_id ${text} not null,
      actor_name ${text} not null, summary ${text} not null, undone_at ${text})`,
  'create index plans_at on plans (at)',
  `alter table history add column plan_id ${text}`,
  'create index history_plan on history (plan_id, id) where plan_id is not null',
]);
