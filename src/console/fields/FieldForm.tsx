import { zodResolver } from '@hookform/resolvers/zod';
import { useMutation } from '@tanstack/react-query';
import { Button, ConfigProvider, Input } from 'antd';
import { Lock, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Controller, FormProvider, useForm, useFormContext, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { ApiError } from '#contract/errors';
import {
  type DataType,
  dataTypes,
  type Field,
  type FieldDefinition,
  fieldDefinition,
  isReservedKey,
  labelOf,
} from '#contract/field';
import { type IssueName, nameIssue } from '#contract/issue';
import { useSession } from '../session.ts';
import { Choice } from '../ui/Choice.tsx';
import { FormField } from '../ui/FormField.tsx';
import { GrowingText } from '../ui/GrowingText.tsx';
import { useLanguage } from '../ui/language.ts';
import { LeaveGuard, SaveBar } from '../ui/SaveBar.tsx';
import { toast } from '../ui/toasts.ts';
import { type Changeable, changes, keyFrom, patchOf, withDataType } from './changes.ts';
import { DataTypeIcon } from './dataTypes.tsx';
import { LabelTranslations } from './LabelTranslations.tsx';
import { Preview } from './Preview.tsx';
import { saveField } from './queries.ts';
import { useDeleteField } from './useDeleteField.ts';
import { Visibility } from './Visibility.tsx';
import { variants } from './variants.tsx';

/** The one form of a field: its values are the definition itself, judged by the contract's schema, sent as what changed. */
export function FieldForm({
  field: given,
  isNew,
  takenKeys,
  onSaved,
  onCreated,
  onDeleted,
}: {
  field: Field;
  isNew: boolean;
  takenKeys: string[];
  onSaved: () => void;
  onCreated: (key: string) => void;
  onDeleted: () => void;
}) {
  const { t } = useTranslation();
  const { can } = useSession();
  const language = useLanguage();
  const save = useMutation(saveField());
  const remove = useDeleteField();
  const [view, setView] = useState<'form' | 'preview'>('form');
  const [field] = useState(given);
  const [before] = useState<FieldDefinition>(() => fieldDefinition.catch(field).parse(field));
  const form = useForm<FieldDefinition>({
    resolver: zodResolver(fieldDefinition, { error: nameIssue }),
    defaultValues: before,
    mode: 'onTouched',
  });
  const values = useWatch({ control: form.control }) as FieldDefinition;
  const changed = changes(before, values);
  const readOnly = !can('define');

  const submit = form.handleSubmit(async (sent) => {
    if (isNew && isReservedKey(sent.targetType, sent.key)) return refuse('key', 'keyReserved');
    if (isNew && takenKeys.includes(sent.key)) return refuse('key', 'keyTaken');
    await save.mutateAsync(patchOf(before, sent, isNew, field.version)).then(
      () => {
        toast.say(t('fields.saved', { label: labelOf(sent, language) }));
        if (isNew) onCreated(sent.key);
        else onSaved();
      },
      (error: Error) => place(error),
    );
  });
  const refuse = (path: 'key', name: IssueName) => form.setError(path, { message: name }, { shouldFocus: true });

  /** A server's refusal lands on the control that it is about; whatever has none is said. */
  function place(error: Error) {
    const issues = error instanceof ApiError ? error.issues : [];
    const own = issues.filter(({ path }) => path.length > 2);
    for (const issue of own) {
      // The path comes from the contract's own schema.
      form.setError(
        issue.path.slice(2).join('.') as keyof FieldDefinition,
        { message: issue.message ?? issue.name },
        { shouldFocus: true },
      );
    }
    if (!own.length) toast.error(error);
  }

  return (
    <FormProvider {...form}>
      <ConfigProvider componentDisabled={readOnly}>
        {readOnly && <p className="note">{t('fields.readOnly')}</p>}
        <div className="editor-switch" style={{ marginBottom: 12 }}>
          <Choice
            label={t('fields.view')}
            value={view}
            onChange={setView}
            options={[
              { value: 'form', label: t('fields.form') },
              { value: 'preview', label: t('fields.preview.title') },
            ]}
          />
        </div>
        <div className="editor" data-view={view}>
          <form className="editor-form stack" noValidate onSubmit={submit}>
            <TypeCard locked={!isNew} disabled={readOnly} />
            <NameCard isNew={isNew} takenKeys={takenKeys} />
            <VariantSettings dataType={values.dataType} stored={isNew ? undefined : field} />
            <Visibility disabled={readOnly} />
            {!isNew && can('define') && (
              <section className="card">
                <h2>{t('fields.remove.title')}</h2>
                <p className="quiet" style={{ marginBottom: 12 }}>
                  {t('fields.remove.text')}
                </p>
                <Button danger icon={<Trash2 className="icon" aria-hidden />} onClick={() => remove(field, onDeleted)}>
                  {t('fields.delete')}
                </Button>
              </section>
            )}
          </form>
          <aside className="editor-side">
            <Preview field={values} />
          </aside>
        </div>
      </ConfigProvider>
      <LeaveGuard dirty={changed.length > 0 && !save.isPending && !save.isSuccess} />
      <SaveBar
        changes={changed.map((name) => ({
          key: name,
          text: <b>{t(`fields.change.${name}` satisfies `fields.change.${Changeable}`)}</b>,
        }))}
        saving={save.isPending}
        saveLabel={isNew ? t('fields.create') : t('app.save')}
        onSave={submit}
        onDiscard={() => form.reset(before)}
      />
    </FormProvider>
  );
}

function TypeCard({ locked, disabled }: { locked: boolean; disabled: boolean }) {
  const { t } = useTranslation();
  const { reset, getValues, control } = useFormContext<FieldDefinition>();
  const current = useWatch({ control, name: 'dataType' });
  const choose = (next: DataType) =>
    reset(withDataType(getValues(), next), { keepDefaultValues: true, keepDirtyValues: false });
  return (
    <section className="card">
      <h2 id="type-title">{t('fields.type')}</h2>
      <div className="types" role="radiogroup" aria-labelledby="type-title">
        {dataTypes.map((dataType) => (
          <label key={dataType} className="type">
            <input
              type="radio"
              name="dataType"
              checked={dataType === current}
              disabled={locked || disabled}
              onChange={() => choose(dataType)}
            />
            <DataTypeIcon dataType={dataType} />
            <b>{t(`fields.dataType.${dataType}`)}</b>
            <small>{t(`fields.example.${dataType}`)}</small>
          </label>
        ))}
      </div>
      <p className="locked">
        <Lock className="icon" aria-hidden />
        {locked ? t('fields.lockedNow') : t('fields.lockedLater')}
      </p>
    </section>
  );
}

function NameCard({ isNew, takenKeys }: { isNew: boolean; takenKeys: string[] }) {
  const { t } = useTranslation();
  const { control, setValue, formState } = useFormContext<FieldDefinition>();
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
              error={fieldState.error && nameless(fieldState.error.message)}
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
                    if (isNew && !keyTouched)
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
    </section>
  );
}

/** A required text that is empty is missing, not too short. */
function nameless(message: string | undefined): string | undefined {
  return message?.startsWith('tooShort') ? 'required' : message;
}

function VariantSettings({ dataType, stored }: { dataType: DataType; stored: Field | undefined }) {
  const { Settings } = variants[dataType];
  return Settings ? <Settings key={dataType} stored={stored} /> : null;
}
