import { useFormContext, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { FieldDefinition } from '#contract/field';
import { Toggle } from './Toggle.tsx';

/** Where the field is shown and who can edit it. Combinations without sense can't be chosen. */
export function Visibility({ disabled }: { disabled: boolean }) {
  const { t } = useTranslation();
  const { control, setValue } = useFormContext<FieldDefinition>();
  const [console, userCenter, editable] = useWatch({
    control,
    name: ['visibleInAdminConsole', 'visibleInUserCenter', 'userEditable'],
  });
  const set = (name: 'visibleInAdminConsole' | 'visibleInUserCenter' | 'userEditable', value: boolean) =>
    setValue(name, value, { shouldDirty: true });
  return (
    <section className="card">
      <h2>{t('fields.visibility.title')}</h2>
      <div className="stack">
        <Toggle
          label={t('fields.visibility.console')}
          help={t('fields.visibility.consoleHelp')}
          checked={console}
          disabled={disabled}
          onChange={(on) => set('visibleInAdminConsole', on)}
        />
        <Toggle
          label={t('fields.visibility.userCenter')}
          help={t('fields.visibility.userCenterHelp')}
          checked={userCenter}
          disabled={disabled}
          onChange={(on) => {
            set('visibleInUserCenter', on);
            if (!on) set('userEditable', false);
          }}
        />
        <Toggle
          label={t('fields.visibility.userEditable')}
          help={t('fields.visibility.userEditableHelp')}
          checked={editable}
          disabled={disabled}
          onChange={(on) => {
            set('userEditable', on);
            if (on) set('visibleInUserCenter', true);
          }}
        />
      </div>
    </section>
  );
}
