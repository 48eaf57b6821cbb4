import { useMutation } from '@tanstack/react-query';
import { Eye } from 'lucide-react';
import { useState } from 'react';
import { FormProvider, type Resolver, type ResolverResult, useForm, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { builtinFields } from '#contract/builtin';
import { ApiError } from '#contract/errors';
import { type Field, labelOf } from '#contract/field';
import { issuesOf, nameIssue } from '#contract/issue';
import { textOf } from '#contract/target';
import { type Value, valueSchema } from '#contract/value';
import { currentLanguage } from '../i18n/index.ts';
import { useSession } from '../session.ts';
import { useLanguage } from '../ui/language.ts';
import { LeaveGuard, SaveBar } from '../ui/SaveBar.tsx';
import { toast } from '../ui/toasts.ts';
import { sayValue } from '../ui/ValueText.tsx';
import { type Entity, kinds, type Reference, saveTarget } from './targets.ts';
import { type FormValues, type Part, short, ValueField } from './ValueField.tsx';

interface Data {
  entity: Entity;
  builtin: Field[];
  custom: Field[];
  customData: Record<string, Value>;
}

/** The form of a target's fields: changed ones are marked, and saving sends only them. */
export function TargetForm({
  reference,
  data: given,
  onSaved,
}: {
  reference: Reference;
  data: Data;
  onSaved: () => void;
}) {
  const { t } = useTranslation();
  const { can } = useSession();
  const language = useLanguage();
  const [data] = useState(given);
  const [before] = useState(() => valuesOf(data));
  const [unfolded, setUnfolded] = useState(false);
  const form = useForm<FormValues>({ defaultValues: before, resolver: resolverFor(data, before), mode: 'onTouched' });
  const values = useWatch({ control: form.control }) as FormValues;
  const save = useMutation({
    mutationKey: ['values', 'fields', 'directory'],
    meta: { handled: true },
    mutationFn: (changed: FormValues) => saveTarget(reference, data.entity, changed.builtin, changed.custom),
  });

  const fieldsOf = { builtin: data.builtin, custom: data.custom };
  const changed = parts.flatMap((part) =>
    fieldsOf[part]
      .filter(({ key }) => (values[part][key] ?? null) !== before[part][key])
      .map((field) => ({ part, field })),
  );
  const submit = form.handleSubmit(async (sent) => {
    const pick = (part: Part) =>
      Object.fromEntries(
        changed.filter((one) => one.part === part).map(({ field }) => [field.key, sent[part][field.key] ?? null]),
      );
    await save.mutateAsync({ builtin: pick('builtin'), custom: pick('custom') }).then(() => {
      toast.say(t('values.saved', { name: kinds[reference.targetType].name(data.entity) }));
      onSaved();
    }, place);
  });

  /** A server's refusal lands on the control that it is about; whatever has none is said. */
  function place(error: Error) {
    const issues = error instanceof ApiError ? error.issues : [];
    const own = issues.flatMap((issue) => {
      const key = String(issue.path.at(-1) ?? '');
      const found = changed.find(({ field }) => field.key === key);
      return found ? [{ path: `${found.part}.${key}` as const, message: issue.message ?? issue.name }] : [];
    });
    for (const { path, message } of own) form.setError(path, { message }, { shouldFocus: true });
    if (!own.length) toast.error(error);
  }

  const say = (field: Field, value: Value | null | undefined) =>
    value === null || value === undefined ? t('values.notSet') : sayValue(value, field, language, t);
  const visible = data.custom.filter((field) => field.visibleInAdminConsole);
  const hidden = data.custom.filter((field) => !field.visibleInAdminConsole);
  return (
    <FormProvider {...form}>
      <form className="stack" noValidate onSubmit={submit}>
        <section className="card">
          <h2>{t('values.builtin')}</h2>
          {grid(
            'builtin',
            data.builtin.filter((field) => field.visibleInAdminConsole),
          )}
        </section>
        <section className="card">
          <h2>{t('values.custom')}</h2>
          {visible.length ? grid('custom', visible) : <p className="quiet">{t('values.noFields')}</p>}
          {hidden.length > 0 && can('define') && (
            <div className="hidden-fields">
              <button
                type="button"
                className="icon-button"
                aria-expanded={unfolded}
                onClick={() => setUnfolded(!unfolded)}
              >
                <Eye className="icon" aria-hidden />
                {unfolded ? t('values.foldHidden') : t('values.unfoldHidden', { count: hidden.length })}
              </button>
              {unfolded && grid('custom', hidden)}
            </div>
          )}
        </section>
      </form>
      <LeaveGuard dirty={changed.length > 0 && !save.isSuccess} />
      <SaveBar
        changes={changed.map(({ part, field }) => ({
          key: `${part}.${field.key}`,
          text: (
            <>
              <b lang={language}>{labelOf(field, language)}</b> {short(say(field, before[part][field.key]))} →{' '}
              {short(say(field, values[part][field.key]))}
            </>
          ),
        }))}
        saving={save.isPending}
        onSave={submit}
        onDiscard={() => form.reset(before)}
      />
    </FormProvider>
  );

  function grid(part: Part, fields: Field[]) {
    return (
      <div className="value-grid">
        {fields.map((field) => (
          <ValueField key={field.key} part={part} field={field} before={before} locked={lockOf(part, field)} />
        ))}
      </div>
    );
  }

  function lockOf(part: Part, { key }: Field): string | undefined {
    if (part === 'custom') return can('write') ? undefined : t('values.noWrite');
    const builtin = builtinFields[reference.targetType].find((known) => known.key === key);
    if (!builtin?.editable) return t('values.systemField');
    return can('directory') ? undefined : t('values.noDirectory');
  }
}

const parts: Part[] = ['builtin', 'custom'];
function valuesOf({ entity, builtin, custom, customData }: Data): FormValues {
  const read = (value: unknown): Value | null =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
  return {
    builtin: Object.fromEntries(builtin.map(({ key }) => [key, read(entity[key])])),
    custom: Object.fromEntries(custom.map(({ key }) => [key, read(customData[key])])),
  };
}

/** Judges what changed by the contract's own rules; what is stored already is never in question. */
function resolverFor({ custom }: Data, before: FormValues): Resolver<FormValues> {
  return (values): ResolverResult<FormValues> => {
    const issues = custom.flatMap((field) => {
      const value = values.custom[field.key] ?? null;
      if (value === null || value === before.custom[field.key]) return [];
      const parsed = valueSchema(field).safeParse(value, { error: nameIssue });
      const [first] = parsed.success ? [] : issuesOf(parsed.error);
      if (!first) return [];
      const own = first.says && textOf(first.says.error, first.says.i18n?.error, currentLanguage());
      const message = own ?? [first.name, first.limit].filter(Boolean).join(' ');
      return [[field.key, { type: 'value', message }] as const];
    });
    if (!issues.length) return { values, errors: {} };
    return { values: {}, errors: { custom: Object.fromEntries(issues) } };
  };
}
