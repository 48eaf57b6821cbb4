import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useFormContext, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { accesses, type Field, type FieldDefinition, isProtected } from '#contract/field';
import { type Mask, masks } from '#contract/mask';
import { call } from '../../api.ts';
import { Choice } from '../../inputs/Choice.tsx';
import { FormField } from '../../inputs/FormField.tsx';
import { useSession } from '../../session.ts';
import { roleName, rolesQuery } from '../../staffRoles.ts';
import { Toggle } from './Toggle.tsx';
import './Protection.css';

/** How values are stored and shown, and which roles see and edit them. `stored` is the stored field, if any. */
export function Protection({ stored, disabled }: { stored: Field | undefined; disabled: boolean }) {
  return (
    <>
      <Storage stored={stored} disabled={disabled} />
      <Roles disabled={disabled} />
    </>
  );
}

function Storage({ stored, disabled }: { stored: Field | undefined; disabled: boolean }) {
  const { t } = useTranslation();
  const { can } = useSession();
  const { control, setValue } = useFormContext<FieldDefinition>();
  const [encrypted, desensitization, mask] = useWatch({ control, name: ['encrypted', 'desensitization', 'mask'] });
  const isSealed = stored?.encrypted ?? false;
  const isHeld = Boolean(stored?.desensitization) && !can('reveal');
  return (
    <section className="card">
      <h2>{t('fields.storage.title')}</h2>
      <div className="stack">
        <Toggle
          label={t('fields.storage.encrypted')}
          help={t(isSealed ? 'fields.storage.encryptedLocked' : 'fields.storage.encryptedHelp')}
          checked={encrypted}
          disabled={disabled || isSealed}
          onChange={(on) => setValue('encrypted', on, { shouldDirty: true })}
        />
        {stored?.encrypted && can('define') && <Sealing field={stored} />}
        <Toggle
          label={t('fields.storage.masked')}
          help={t(isHeld ? 'fields.storage.needsReveal' : 'fields.storage.maskedHelp')}
          checked={desensitization}
          disabled={disabled || isHeld}
          onChange={(on) => setValue('desensitization', on, { shouldDirty: true })}
        />
        {isProtected({ encrypted, desensitization }) && (
          <FormField label={t('fields.storage.mask')}>
            {(props) => (
              <Select<Mask>
                {...props}
                value={mask}
                disabled={disabled}
                options={masks.map((value) => ({ value, label: t(`fields.storage.masks.${value}`) }))}
                onChange={(next) => setValue('mask', next, { shouldDirty: true })}
              />
            )}
          </FormField>
        )}
      </div>
    </section>
  );
}

/** The progress of the encryption of stored values, until it is done. */
function Sealing({ field: { targetType, key } }: { field: Field }) {
  const { t, i18n } = useTranslation();
  const { data } = useQuery({
    queryKey: ['fields', targetType, key, 'sealing'],
    queryFn: () => call('getSealing', { targetType, key }),
    refetchInterval: ({ state }) => (state.data?.left === 0 ? false : 2_000),
  });
  if (!data || data.left === 0) return null;
  const formatParams = { count: { lng: i18n.language } };
  return (
    <p className="note" role="status">
      {data.left === null
        ? t('fields.storage.sealingOn')
        : t('fields.storage.sealing', { count: data.left, formatParams })}
    </p>
  );
}

function Roles({ disabled }: { disabled: boolean }) {
  const { t } = useTranslation();
  const { can } = useSession();
  const { control, setValue } = useFormContext<FieldDefinition>();
  const access = useWatch({ control, name: 'access' });
  const { data: roles } = useQuery({ ...rolesQuery(), enabled: can('define') || can('staff') });
  if (!roles) return null;
  return (
    <section className="card">
      <h2>{t('fields.access.title')}</h2>
      <p className="field-help">{t('fields.access.help')}</p>
      <ul className="access-list">
        {roles.map((role) => {
          const name = roleName(role, t);
          // What a role may do with the values of a field that says nothing about it.
          const given: 'edit' | 'read' = role.rights.includes('write') ? 'edit' : 'read';
          return (
            <li key={role.id}>
              <span>
                {name}
                {!role.rights.includes('write') && <small className="quiet"> {t('fields.access.noWrite')}</small>}
              </span>
              <Choice
                label={name}
                value={access[role.id] ?? given}
                disabled={disabled}
                options={[...new Set([given, ...accesses.toReversed()] as const)].map((value) => ({
                  value,
                  label: t(`fields.access.${value}`),
                }))}
                onChange={(next) => {
                  const { [role.id]: _, ...rest } = access;
                  setValue('access', next === given || next === 'edit' ? rest : { ...rest, [role.id]: next }, {
                    shouldDirty: true,
                  });
                }}
              />
            </li>
          );
        })}
      </ul>
    </section>
  );
}
