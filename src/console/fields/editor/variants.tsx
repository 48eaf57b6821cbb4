import { Switch } from 'antd';
import { type ComponentType, lazy, Suspense } from 'react';
import { Controller, useFormContext } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { DataType, Field, FieldDefinition } from '#contract/field';
import { Choice } from '../../inputs/Choice.tsx';
import { IssueText } from '../../inputs/FormField.tsx';
import { patiently } from '../../reach.ts';
import { useSession } from '../../session.ts';
import { RulesEditor } from './RulesEditor.tsx';

const OptionsEditor = lazy(() =>
  patiently(() => import('../options/OptionsEditor.tsx')).then((m) => ({ default: m.OptionsEditor })),
);

export interface SettingsProps {
  /** The stored field. Undefined for a new one. */
  stored: Field | undefined;
}

/** What each data type adds to the form, and in which tab. The compiler requires every type. */
export const variants: Record<DataType, { tab?: 'options' | 'rules'; Settings?: ComponentType<SettingsProps> }> = {
  STRING: { tab: 'rules', Settings: UniqueSettings },
  NUMBER: { tab: 'rules', Settings: UniqueSettings },
  DATETIME: { tab: 'rules', Settings: DateSettings },
  BOOLEAN: {},
  ENUM: { tab: 'options', Settings: OptionSettings },
};

/** A lazy import, only for fields with options. */
function OptionSettings(props: SettingsProps) {
  return (
    <Suspense fallback={<span className="skeleton" style={{ height: 240 }} />}>
      <OptionsEditor {...props} />
    </Suspense>
  );
}

function UniqueSettings({ stored }: SettingsProps) {
  const { t } = useTranslation();
  const { control } = useFormContext<FieldDefinition>();
  return (
    <section className="card">
      <h2>{t('fields.rules')}</h2>
      <Controller
        control={control}
        name="isUnique"
        render={({ field, fieldState }) => (
          <div className="switch-row">
            <Switch
              ref={field.ref}
              checked={field.value}
              onChange={field.onChange}
              aria-labelledby="unique-label"
              aria-describedby="unique-help"
            />
            <div>
              <div id="unique-label">{t('fields.unique')}</div>
              <p className="field-help" id="unique-help">
                {t('fields.uniqueHelp')}
              </p>
              {fieldState.error?.message && (
                <p className="field-error" role="alert">
                  <IssueText message={fieldState.error.message} />
                </p>
              )}
            </div>
          </div>
        )}
      />
      <RulesEditor stored={stored} />
    </section>
  );
}

function DateSettings({ stored }: SettingsProps) {
  const { t } = useTranslation();
  const { can } = useSession();
  const { control } = useFormContext<FieldDefinition>();
  return (
    <>
      <section className="card">
        <h2>{t('fields.precision.title')}</h2>
        <Controller
          control={control}
          name="precision"
          render={({ field }) => (
            <div className="stack">
              <Choice
                label={t('fields.precision.title')}
                value={field.value}
                onChange={field.onChange}
                disabled={!can('define')}
                options={[
                  { value: 'instant', label: t('fields.precision.instant') },
                  { value: 'day', label: t('fields.precision.day') },
                ]}
              />
              <p className="field-help">
                {field.value === 'day' ? t('fields.precision.dayHelp') : t('fields.precision.instantHelp')}
              </p>
            </div>
          )}
        />
      </section>
      <section className="card">
        <h2>{t('fields.rules')}</h2>
        <RulesEditor stored={stored} />
      </section>
    </>
  );
}
