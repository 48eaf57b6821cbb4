import { Input } from 'antd';
import { Lock } from 'lucide-react';
import { useId } from 'react';
import { Controller, useFormContext } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { type Field, type FieldDefinition, labelOf } from '#contract/field';
import type { Translations } from '#contract/translation';
import { FormField } from '../../inputs/FormField.tsx';
import { GrowingText } from '../../inputs/GrowingText.tsx';
import { fieldPath } from '../../paths.ts';
import { useLanguage } from '../../ui/language.ts';
import { LabelTranslations } from '../translations/LabelTranslations.tsx';
import { keyFrom } from './changes.ts';
import './NameCard.css';

/** The name, the key (it follows the name until somebody edits it), the translations and the description. */
export function NameCard({
  isNew,
  followsName,
  others,
  groups,
}: {
  isNew: boolean;
  followsName: boolean;
  /** The other fields of the target type. */
  others: Field[];
  /** The sections of the other fields. Absent if a field can't have one. */
  groups: { name: string; texts: Translations }[] | undefined;
}) {
  const { t } = useTranslation();
  const { control, setValue, formState } = useFormContext<FieldDefinition>();
  const listId = useId();
  const takenKeys = others.map(({ key }) => key);
  const keyTouched = Boolean(formState.dirtyFields.key);
  return (
    <section className="card">
      <h2>{t('fields.name')}</h2>
      <div className="pair">
        <Controller
          control={control}
          name="label"
          render={({ field, fieldState }) => (
            <FormField
              label={t('fields.defaultName')}
              help={t('fields.defaultNameHelp')}
              error={fieldState.error?.message}
            >
              {(props) => (
                <Input
                  {...props}
                  ref={field.ref}
                  value={field.value}
                  onBlur={field.onBlur}
                  autoFocus={isNew}
                  onChange={(event) => {
                    field.onChange(event.target.value);
                    if (followsName && !keyTouched)
                      setValue('key', event.target.value.trim() ? keyFrom(event.target.value, takenKeys) : '');
                  }}
                />
              )}
            </FormField>
          )}
        />
        <Controller
          control={control}
          name="key"
          render={({ field, fieldState }) => (
            <FormField
              label={t('fields.key')}
              help={isNew ? t('fields.keyHelp') : t('fields.keyLocked')}
              error={fieldState.error?.message}
              note={isNew && <Namesake own={field.value} others={others} />}
            >
              {(props) => (
                <Input
                  {...props}
                  {...field}
                  className="mono"
                  spellCheck={false}
                  autoCapitalize="off"
                  disabled={!isNew}
                  suffix={isNew ? undefined : <Lock className="icon" aria-hidden />}
                />
              )}
            </FormField>
          )}
        />
      </div>
      <LabelTranslations />
      <div className="stack">
        {groups && (
          <Controller
            control={control}
            name="group"
            render={({ field, fieldState }) => (
              <FormField label={t('fields.group')} help={t('fields.groupHelp')} error={fieldState.error?.message}>
                {(props) => (
                  <>
                    <Input
                      {...props}
                      {...field}
                      list={listId}
                      autoComplete="off"
                      onChange={(event) => {
                        field.onChange(event.target.value);
                        // The section of another field also brings its translations.
                        const known = groups.find(({ name }) => name === event.target.value);
                        if (known) setValue('i18n.group', known.texts, { shouldDirty: true });
                      }}
                    />
                    <datalist id={listId}>
                      {groups.map(({ name }) => (
                        <option key={name} value={name} />
                      ))}
                    </datalist>
                  </>
                )}
              </FormField>
            )}
          />
        )}
        <Controller
          control={control}
          name="description"
          render={({ field, fieldState }) => (
            <FormField
              label={t('fields.description')}
              help={t('fields.descriptionHelp')}
              error={fieldState.error?.message}
            >
              {(props) => <GrowingText {...props} {...field} />}
            </FormField>
          )}
        />
      </div>
    </section>
  );
}

/** Says that a key has a number because another field has the key without it. */
function Namesake({ own, others }: { own: string; others: Field[] }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const base = /^(.+)_\d+$/.exec(own)?.[1]?.toLowerCase();
  const other = others.find(({ key }) => key.toLowerCase() === base);
  if (!other) return null;
  const label = labelOf(other, language);
  return (
    <p className="note caution namesake" role="status">
      {t('fields.keyNumbered', { label, key: other.key, own })}{' '}
      <Link to={fieldPath(other.targetType, other.key)} target="_blank">
        {t('fields.openOther', { label })}
      </Link>
    </p>
  );
}
