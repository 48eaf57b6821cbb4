import { keepPreviousData, useMutation, useQueries, useQuery } from '@tanstack/react-query';
import { Button, Select } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { poolRights, type StaffRole } from '#contract/staff';
import { rights } from '#contract/wire/endpoint';
import { issue } from '#contract/wire/issue';
import { call } from '../api.ts';
import { Choice } from '../inputs/Choice.tsx';
import { FormField } from '../inputs/FormField.tsx';
import { oneOf } from '../inputs/issuesByControl.ts';
import { NameField } from '../inputs/NameField.tsx';
import { placeIssues } from '../inputs/placeIssues.ts';
import { useSession } from '../session.ts';
import { Dialog } from '../ui/Dialog.tsx';
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

/** A role's name, permissions and tenants. Permissions beyond the caller's or the tenants' are disabled. */
export function RoleDialog({ role, onClose }: { role: StaffRole | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const { can } = useSession();
  const save = useMutation({ ...saveRole(), meta: { handled: true } });
  const [name, setName] = useState(role?.name ?? '');
  const [given, setGiven] = useState<readonly string[]>(role?.rights ?? ['read']);
  const [tenants, setTenants] = useState(role?.tenants ?? null);
  const [errors, setErrors] = useState<{ name?: string; rights?: string }>({});
  const isOffered = (right: (typeof rights)[number]) => can(right) && !(tenants && poolRights.includes(right));
  const chosen = rights.filter((right) => given.includes(right) && isOffered(right));
  async function submit(event: FormEvent) {
    event.preventDefault();
    const missing = {
      ...(!name.trim() && { name: issue('required') }),
      ...(!chosen.length && { rights: t('roles.empty') }),
    };
    setErrors(missing);
    if (Object.keys(missing).length) return;
    const sent = { ...(role && { id: role.id }), name: name.trim(), rights: chosen, tenants };
    await save.mutateAsync(sent).then(
      () => {
        toast.say(t('roles.saved', { name: name.trim() }));
        onClose();
      },
      (error: Error) => setErrors(placeIssues(error, oneOf('name', 'rights'))),
    );
  }
  return (
    <Dialog title={t(role ? 'roles.edit' : 'roles.new')} className="key-dialog" onClose={onClose}>
      <form className="stack" noValidate onSubmit={submit}>
        <NameField label={t('roles.name')} error={errors.name} value={name} onChange={setName} />
        <FormField label={t('roles.tenants')} help={t('roles.tenantsHelp')}>
          {(control) => (
            <Choice
              control={control}
              label={t('roles.tenants')}
              value={tenants ? 'some' : 'all'}
              onChange={(next) => setTenants(next === 'all' ? null : (role?.tenants ?? ['']))}
              options={[
                { value: 'all', label: t('roles.allTenants') },
                { value: 'some', label: t('roles.someTenants') },
              ]}
            />
          )}
        </FormField>
        {tenants && <TenantSelect value={tenants} onChange={setTenants} />}
        <RightList
          legend={t('roles.rights')}
          rights={rights}
          chosen={chosen}
          blockOf={(right) => {
            if (!can(right)) return t('keys.notYours');
            return isOffered(right) ? undefined : t('roles.poolOnly');
          }}
          error={errors.rights}
          onChange={setGiven}
        />
        <footer>
          <Button onClick={onClose}>{t('app.cancel')}</Button>
          <Button type="primary" htmlType="submit" loading={save.isPending}>
            {t(role ? 'roles.save' : 'roles.create')}
          </Button>
        </footer>
      </form>
    </Dialog>
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
      showSearch={{ filterOption: false, searchValue: search, onSearch: setSearch }}
      options={[...ids].map((id) => ({ value: id, label: names.get(id) ?? nameOf(id) }))}
      onChange={onChange}
    />
  );
}
