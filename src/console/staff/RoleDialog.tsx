import { keepPreviousData, useMutation, useQueries, useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useState } from 'react';
import { useController, useForm, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { Input } from '#contract/endpoints';
import { poolRights, type StaffRole, sentRole } from '#contract/staff';
import { type Right, rights } from '#contract/wire/endpoint';
import { call } from '../api.ts';
import { BoundField } from '../inputs/BoundField.tsx';
import { Choice } from '../inputs/Choice.tsx';
import { searchIcon } from '../inputs/choices.tsx';
import { DialogForm } from '../inputs/DialogForm.tsx';
import { judgedBy } from '../inputs/form.ts';
import { NameField } from '../inputs/NameField.tsx';
import { useSession } from '../session.ts';
import { toast } from '../ui/toasts.ts';
import { useSettled } from '../ui/useSettled.ts';
import { saveRole } from './queries.ts';
import { RightList } from './RightList.tsx';

/** The names of tenants by id, also beyond the first page. "" is the user pool itself. */
export function useTenants(ids: readonly string[]): (id: string) => string {
  const { t } = useTranslation();
  const { data } = useQuery(tenantsQuery(''));
  const known = data?.list ?? [];
  const others = data ? ids.filter((id) => id && !known.some(({ tenantId }) => tenantId === id)) : [];
  const found = useQueries({
    queries: [...new Set(others)].map((tenantId) => ({
      queryKey: ['tenants', 'one', tenantId],
      queryFn: () => call('getTenant', { tenantId }),
    })),
    combine: (answers) => answers.flatMap((answer) => answer.data ?? []),
  });
  const names = new Map([...known, ...found].map(({ tenantId, name }) => [tenantId, name]));
  return (id) => (id === '' ? t('roles.pool') : (names.get(id) ?? id));
}

/** The maximum of one answer. A search finds the others. */
const tenantsQuery = (keywords: string) => ({
  queryKey: ['tenants', keywords],
  queryFn: () => call('listTenants', { limit: 50, ...(keywords && { keywords }) }),
});

type SentRole = Input<'saveStaffRole'>;
const judge = judgedBy(sentRole);

/** A role's name, rights and tenants. What one doesn't have oneself, or what concerns the whole pool, can't be picked. */
export function RoleDialog({ role, onClose }: { role: StaffRole | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const { can } = useSession();
  const save = useMutation(saveRole());
  const isOffered = (right: Right, tenants: SentRole['tenants']) =>
    can(right) && !(tenants && poolRights.includes(right));
  const chosenOf = (values: Pick<SentRole, 'rights' | 'tenants'>) =>
    rights.filter((right) => values.rights.includes(right) && isOffered(right, values.tenants));
  const form = useForm<SentRole, unknown, SentRole>({
    resolver: (values, ...rest) => judge({ ...values, rights: chosenOf(values) }, ...rest),
    defaultValues: {
      name: role?.name ?? '',
      rights: role?.rights ?? ['read'],
      tenants: role?.tenants ?? null,
    },
  });
  const { field: given, fieldState } = useController({ control: form.control, name: 'rights' });
  const tenants = useWatch({ control: form.control, name: 'tenants' });
  const chosen = chosenOf({ rights: given.value, tenants });
  async function send(sent: SentRole) {
    await save.mutateAsync({ ...sent, ...(role && { id: role.id }) });
    toast.say(t('roles.saved', { name: sent.name }));
    onClose();
  }
  return (
    <DialogForm
      title={t(role ? 'roles.edit' : 'roles.new')}
      size="medium"
      form={form}
      submitLabel={t(role ? 'roles.save' : 'roles.create')}
      onSubmit={send}
      onClose={onClose}
    >
      <NameField control={form.control} name="name" label={t('roles.name')} />
      <BoundField control={form.control} name="tenants" label={t('roles.tenants')} help={t('roles.tenantsHelp')}>
        {({ value, onChange, ...control }) => (
          <>
            <Choice
              control={control}
              label={t('roles.tenants')}
              value={value ? 'some' : 'all'}
              onChange={(next) => onChange(next === 'all' ? null : (role?.tenants ?? ['']))}
              options={[
                { value: 'all', label: t('roles.allTenants') },
                { value: 'some', label: t('roles.someTenants') },
              ]}
            />
            {value && <TenantSelect value={value} onChange={onChange} />}
          </>
        )}
      </BoundField>
      <RightList
        legend={t('roles.rights')}
        rights={rights}
        chosen={chosen}
        blockOf={(right) => {
          if (!can(right)) return t('keys.notYours');
          return isOffered(right, tenants) ? undefined : t('roles.poolOnly');
        }}
        error={chosen.length ? fieldState.error?.message : fieldState.error && t('roles.empty')}
        onChange={given.onChange}
      />
    </DialogForm>
  );
}

/** Chooses tenants by name. Chosen ones stay during a search. */
function TenantSelect({ value, onChange }: { value: readonly string[]; onChange: (ids: string[]) => void }) {
  const { t } = useTranslation();
  const [search, setSearch] = useState('');
  const keywords = useSettled(search.trim());
  const nameOf = useTenants(value);
  const { data: found } = useQuery({ ...tenantsQuery(keywords), placeholderData: keepPreviousData });
  const ids = new Set([...(keywords ? [] : ['']), ...(found?.list ?? []).map(({ tenantId }) => tenantId), ...value]);
  const names = new Map((found?.list ?? []).map(({ tenantId, name }) => [tenantId, name]));
  return (
    <Select
      aria-label={t('roles.someTenants')}
      mode="multiple"
      value={[...value]}
      showSearch={{ searchIcon, filterOption: false, searchValue: search, onSearch: setSearch }}
      options={[...ids].map((id) => ({ value: id, label: names.get(id) ?? nameOf(id) }))}
      onChange={onChange}
    />
  );
}
