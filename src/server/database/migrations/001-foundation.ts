import { randomBytes } from 'node:crypto';
import { statements } from './dialect.ts';

const now = () => new Date().toISOString();

export const up = statements(({ id, text, real, big, extras }) => {
  const lifecycle = `created_at ${text} not null, updated_at ${text} not null, deleted_at ${text}`;
  const flag = 'integer not null';
  const target = 'integer primary key references targets (id)';
  const profile =
    `username email phone phone_country_code external_id name nickname photo birthdate country province city
    region address street_address postal_code formatted company given_name family_name middle_name profile
    preferred_username website zoneinfo locale identity_number device browser user_source_id last_login last_ip
    status_changed_at`
      .split(/\s+/)
      .map((column) => `${column} ${text}`)
      .join(', ');
  return [
    ...extras,
    `create table pool (id integer primary key check (id = 1), pool_id ${text} not null, created_at ${text} not null)`,
    `insert into pool (id, pool_id, created_at) values (1, '${randomBytes(12).toString('hex')}', '${now()}')`,
    `create table tenants (id ${text} primary key, name ${text} not null, description ${text} not null,
      details ${text} not null, created_at ${text} not null, deleted_at ${text})`,

    `create table targets (id ${id}, type ${text} not null)`,
    `create table users (id ${target}, user_id ${text} not null unique, ${profile}, gender ${text} not null,
      status ${text} not null, work_status ${text} not null, email_verified ${flag}, phone_verified ${flag},
      user_source_type ${text} not null, logins_count integer not null, ${lifecycle})`,
    'create index users_email on users (email)',
    'create index users_username on users (username)',
    'create index users_phone on users (phone)',
    'create index users_external_id on users (external_id)',
    'create index users_created_at on users (created_at)',
    `create table namespaces (id ${id}, code ${text} not null unique, name ${text} not null, description ${text} not null,
      status integer not null, created_at ${text} not null)`,
    `insert into namespaces (code, name, description, status, created_at) values
      ('default', 'default', '', 1, '${now()}'), ('system', 'system', '', 1, '${now()}')`,
    `create table roles (id ${target}, uid ${text} not null unique, namespace_id integer not null references namespaces (id),
      code ${text} not null, name ${text} not null, description ${text} not null, status ${text} not null,
      disable_time ${big}, enable_permission_apply ${flag}, ${lifecycle})`,
    'create index roles_code on roles (namespace_id, code)',
    `create table "groups" (id ${target}, uid ${text} not null unique, code ${text} not null, name ${text} not null,
      description ${text} not null, type ${text} not null, ${lifecycle})`,
    'create index groups_code on "groups" (code)',
    `create table departments (id ${target}, department_id ${text} not null unique,
      root_id integer not null references targets (id), parent_id integer references targets (id),
      organization_code ${text}, tenant_id ${text} not null, open_department_id ${text} not null, code ${text} not null,
      name ${text} not null, description ${text} not null, leader_user_ids ${text} not null, is_virtual_node ${flag},
      status ${flag}, i18n ${text} not null, ${lifecycle})`,
    'create index departments_parent on departments (parent_id)',
    'create index departments_root on departments (root_id)',
    'create index departments_organization on departments (organization_code)',
    `create table department_members (department_id integer not null references targets (id),
      user_id integer not null references targets (id), primary key (department_id, user_id))`,
    'create index department_members_user on department_members (user_id)',

    `create table fields (id ${id}, tenant_id ${text} not null, target_type ${text} not null, key ${text} not null,
      data_type ${text} not null, label ${text} not null, description ${text} not null, position integer not null,
      is_unique ${flag}, encrypted ${flag}, desensitization ${flag}, user_editable ${flag},
      visible_in_admin_console ${flag}, visible_in_user_center ${flag}, precision ${text} not null,
      validate_rules ${text} not null, app_ids ${text} not null, i18n ${text} not null, version integer not null, ${lifecycle})`,
    'create unique index fields_key on fields (tenant_id, target_type, lower(key)) where deleted_at is null',
    `create table field_options (field_id integer not null references fields (id), value ${text} not null,
      label ${text} not null, i18n ${text}, position integer not null, retired ${flag}, primary key (field_id, value))`,
    `create table base_fields (key ${text} primary key, label ${text}, description ${text} not null, user_editable ${flag},
      visible_in_admin_console ${flag}, visible_in_user_center ${flag}, i18n ${text} not null, version integer not null)`,

    `create table field_values (field_id integer not null references fields (id),
      target_id integer not null references targets (id), value ${text} not null, sort_key ${text}, number ${real},
      updated_at ${text} not null, primary key (field_id, target_id))`,
    'create index field_values_target on field_values (target_id)',
    'create index field_values_sort_key on field_values (field_id, sort_key)',
    'create index field_values_number on field_values (field_id, number)',
    `create table claims (scope ${text} not null, key ${text} not null, target_id integer not null references targets (id),
      primary key (scope, key))`,
    'create index claims_target on claims (target_id)',
    `create table history (id ${id}, at ${text} not null, kind ${text} not null, field_id integer, target_id integer,
      before ${text}, after ${text}, actor_kind ${text} not null, actor_id ${text} not null, actor_name ${text} not null,
      through ${text} not null, request_id ${text})`,
    'create index history_target on history (target_id, id)',
    'create index history_field on history (field_id, id)',

    `create table staff (id ${text} primary key, email ${text} not null unique, name ${text} not null, role ${text} not null,
      password ${text} not null, created_at ${text} not null, disabled_at ${text})`,
    `create table sessions (digest ${text} primary key, staff_id ${text} not null references staff (id) on delete cascade,
      created_at ${text} not null, expires_at ${text} not null)`,
    `create table access_keys (id ${text} primary key, name ${text} not null, secret ${text} not null, scopes ${text} not null,
      created_at ${text} not null, revoked_at ${text})`,
    `create table nonces (key_id ${text} not null, nonce ${text} not null, expires_at ${big} not null,
      primary key (key_id, nonce))`,
    'create index nonces_expires_at on nonces (expires_at)',
  ];
});
