import { useMutation } from '@tanstack/react-query';
import { Input, type InputRef } from 'antd';
import { Eye, Search } from 'lucide-react';
import { startTransition, useCallback, useEffect, useRef, useState } from 'react';
import { FormProvider, useForm, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { isEditable } from '#contract/directory';
import type { Output } from '#contract/endpoints';
import { type Field, groupsOf, labelOf } from '#contract/field';
import { maxReason } from '#contract/history';
import { textOf } from '#contract/translation';
import type { Value } from '#contract/value';
import { ApiError } from '#contract/wire/errors';
import { fold } from '#contract/wire/fold';
import { LeaveGuard, SaveBar } from '../inputs/SaveBar.tsx';
import { useSession } from '../session.ts';
import { useLanguage } from '../ui/language.ts';
import { toast } from '../ui/toasts.ts';
import { sayValue } from '../ui/ValueText.tsx';
import { ago } from '../ui/when.ts';
import { draftOf, parts, restoredOf, withRestored } from './draft.ts';
import { type FormValues, type Part, resolverFor, valuesOf } from './form.ts';
import {
  kinds,
  lastChangeOf,
  type Reference,
  readTarget,
  replacedMeanwhile,
  saveDraft,
  saveTarget,
  type TargetData,
} from './targets.ts';
import { type Clash, LaterField, short, ValueField } from './ValueField.tsx';

/** A form of more fields can be searched. */
const long = 24;
/** What a screen shows; the others follow by as many at a time, while nothing else is to do. */
const drawnAtOnce = 40;

/** The form of a target's fields: changed ones are marked, and saving sends only them. */
export function TargetForm({
  reference: named,
  data: given,
  draft,
  onSaved,
}: {
  reference: Reference;
  data: TargetData;
  /** What the viewer typed before and didn't save. */
  draft: Output<'getDraft'>;
  onSaved: () => void;
}) {
  const { t } = useTranslation();
  const { can, session } = useSession();
  const needsReason = session?.needsReason ?? false;
  const language = useLanguage();
  const [reference] = useState(named);
  const { accessTo } = useSession();
  // What the viewer's role doesn't see has no place here, though they may define it.
  const [data] = useState(() => ({ ...given, custom: given.custom.filter((field) => accessTo(field) !== 'hidden') }));
  const [before, setBefore] = useState(() => valuesOf(data));
  const [reason, setReason] = useState('');
  const [isReasonMissing, setReasonMissing] = useState(false);
  const reasonInput = useRef<InputRef>(null);
  const [search, setSearch] = useState('');
  const [unfolded, setUnfolded] = useState(false);
  const [restored, setRestored] = useState(() => draft && restoredOf(draft.draft, data, before));
  const [clashes, setClashes] = useState<Clash[]>(() =>
    (restored ?? []).filter((one) => one.theirs !== one.base && one.theirs !== one.mine),
  );
  const form = useForm<FormValues>({
    // What was typed before stands in it again.
    defaultValues: withRestored(before, restored ?? []),
    resolver: resolverFor(data, before, language),
    mode: 'onTouched',
  });
  const values = useWatch({ control: form.control }) as FormValues;
  const save = useMutation({
    mutationKey: ['values', 'fields', 'directory'],
    meta: { handled: true },
    mutationFn: (changed: FormValues) => saveOnto(changed),
  });

  // A save that met somebody else's change saved nothing yet.
  const isSaved = save.data !== undefined && 'merged' in save.data;
  const fieldsOf = { builtin: data.builtin, custom: data.custom };
  const changed = parts.flatMap((part) =>
    fieldsOf[part]
      .filter(({ key }) => (values[part][key] ?? null) !== before[part][key])
      .map((field) => ({ part, field })),
  );
  /** Saves onto the state of now: what only others changed stays, what both changed is asked. Gives whose changes merged. */
  async function saveOnto(mine: FormValues, tries = 3): Promise<{ merged: Field[] } | { clashes: Clash[] }> {
    const fresh = await readTarget(reference);
    const theirs = valuesOf(fresh);
    const replaced = await replacedMeanwhile(reference, mine.custom, lastSeen.current, fresh.etag !== data.etag);
    const moved = parts.flatMap((part) =>
      fieldsOf[part]
        // What the system keeps, such as the moment of the last change, is nobody's edit.
        .filter((field) => !isSystem(part, field))
        .filter(({ key }) => (theirs[part][key] ?? null) !== (before[part][key] ?? null))
        .map((field) => ({ part, field })),
    );
    const met = moved.filter(
      ({ part, field: { key } }) => key in mine[part] && mine[part][key] !== (theirs[part][key] ?? null),
    );
    met.push(
      ...data.custom.filter(({ key }) => replaced.has(key)).map((field) => ({ part: 'custom' as const, field })),
    );
    if (met.length) {
      for (const [key, entry] of replaced) lastSeen.current.set(key, entry);
      const found = met.map(({ part, field: { key } }) => ({
        path: `${part}.${key}`,
        base: before[part][key] ?? null,
        theirs: theirs[part][key] ?? null,
      }));
      for (const { part, field } of moved) {
        if (!(field.key in mine[part])) form.setValue(`${part}.${field.key}`, theirs[part][field.key] ?? null);
      }
      setBefore(theirs);
      return { clashes: found };
    }
    try {
      await saveTarget(reference, data.entity, mine, { etag: fresh.etag, reason });
    } catch (error) {
      const isOlder = error instanceof ApiError && error.name === 'versionChanged';
      if (isOlder && tries > 1) return saveOnto(mine, tries - 1);
      throw error;
    }
    return { merged: moved.filter(({ part, field }) => !(field.key in mine[part])).map(({ field }) => field) };
  }

  /** The last change of each masked value that is being replaced: masks look the same, whoever changes what is behind. */
  const lastSeen = useRef(new Map<string, number>());
  const noteReplaced = useCallback(
    (key: string) => {
      void lastChangeOf(reference, key).then((entry) => lastSeen.current.set(key, entry));
    },
    [reference],
  );

  // What is typed is kept on the server a moment after it was, so that no ended session and no cut network loses it.
  const typed = JSON.stringify(draftOf(changed, before, values));
  const kept = useRef(typed);
  useEffect(() => {
    if (typed === kept.current || isSaved) return;
    const timer = setTimeout(() => {
      kept.current = typed;
      saveDraft(reference, JSON.parse(typed));
    }, 800);
    return () => clearTimeout(timer);
  });
  const forget = () => {
    kept.current = 'null';
    saveDraft(reference, null);
  };

  const submit = form.handleSubmit(async (sent) => {
    if (clashes.length) return toast.say(t('values.conflict.first'));
    if (needsReason && !reason.trim()) {
      setReasonMissing(true);
      reasonInput.current?.focus();
      return toast.say(t('issues.reasonRequired'));
    }
    const pick = (part: Part) =>
      Object.fromEntries(
        changed.filter((one) => one.part === part).map(({ field }) => [field.key, sent[part][field.key] ?? null]),
      );
    await save.mutateAsync({ builtin: pick('builtin'), custom: pick('custom') }).then((result) => {
      if ('clashes' in result) return setClashes(result.clashes);
      const said = t('values.saved', { name: kinds[reference.targetType].name(data.entity) });
      const others = result.merged.map((field) => labelOf(field, language)).join(', ');
      forget();
      toast.say(others ? `${said} ${t('values.conflict.merged', { fields: others })}` : said);
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

  /** Whose value stays where two changed the same. */
  const { setValue } = form;
  const settle = useCallback(
    ({ path, theirs }: Clash, side: 'mine' | 'theirs') => {
      // Paths are made of the form's own parts and keys.
      if (side === 'theirs') setValue(path as `custom.${string}`, theirs, { shouldDirty: true });
      setClashes((now) => now.filter((clash) => clash.path !== path));
    },
    [setValue],
  );

  const say = (field: Field, value: Value | null | undefined) =>
    value === null || value === undefined ? t('values.notSet') : sayValue(value, field, language, t);
  const [drawn, setDrawn] = useState(drawnAtOnce);
  const most = Math.max(data.builtin.length, data.custom.length);
  useEffect(() => {
    if (drawn >= most) return;
    const timer = setTimeout(() => startTransition(() => setDrawn(drawn + drawnAtOnce)), 60);
    return () => clearTimeout(timer);
  }, [drawn, most]);
  const wanted = fold(search.trim());
  const isWanted = (field: Field) =>
    !wanted || [field.key, labelOf(field, language)].some((text) => fold(text).includes(wanted));
  const visible = data.custom.filter((field) => field.visibleInAdminConsole);
  const hidden = data.custom.filter((field) => !field.visibleInAdminConsole);
  const profile = data.builtin.filter((field) => field.visibleInAdminConsole);
  const isLong = visible.length + profile.length > long;
  return (
    <FormProvider {...form}>
      {draft && restored && restored.length > 0 && (
        <p className="note restored" role="status">
          {t('values.draft', { at: ago(draft.at, language) })}
        </p>
      )}
      {isLong && (
        <search className="filters">
          <Input
            className="search"
            type="search"
            allowClear
            aria-label={t('values.search')}
            placeholder={t('values.search')}
            prefix={<Search className="icon" aria-hidden />}
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
        </search>
      )}
      <form className="stack" noValidate onSubmit={submit}>
        <section className="card">
          <h2>{t('values.builtin')}</h2>
          {grid('builtin', profile)}
        </section>
        {groupsOf(visible).map(({ name, texts, fields }) => (
          <section key={name} className="card">
            <h2 {...(name && { lang: language })}>{name ? textOf(name, texts, language) : t('values.custom')}</h2>
            {grid('custom', fields)}
          </section>
        ))}
        {(visible.length === 0 || (hidden.length > 0 && can('define'))) && (
          <section className="card">
            {visible.length === 0 && (
              <>
                <h2>{t('values.custom')}</h2>
                <p className="quiet">{t('values.noFields')}</p>
              </>
            )}
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
        )}
      </form>
      <LeaveGuard dirty={changed.length > 0 && !isSaved} onDiscard={forget} />
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
        onDiscard={() => {
          form.reset(before);
          setClashes([]);
          setRestored(null);
          forget();
        }}
      >
        <Input
          ref={reasonInput}
          className="reason"
          aria-label={t(needsReason ? 'values.reasonRequired' : 'values.reason')}
          placeholder={t(needsReason ? 'values.reasonRequired' : 'values.reason')}
          aria-required={needsReason}
          aria-invalid={isReasonMissing && !reason.trim()}
          status={isReasonMissing && !reason.trim() ? 'error' : ''}
          maxLength={maxReason}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </SaveBar>
    </FormProvider>
  );

  function grid(part: Part, fields: Field[]) {
    const found = fields.filter(isWanted);
    if (fields.length && !found.length) return <p className="quiet">{t('app.nothing.title')}</p>;
    return (
      <div className="value-grid">
        {found.map((field, index) => {
          const clash = clashes.find(({ path }) => path === `${part}.${field.key}`);
          const isTouched = clash || changed.some((one) => one.part === part && one.field === field);
          if (index >= drawn && !isTouched) return <LaterField key={field.key} field={field} />;
          return (
            <ValueField
              key={field.key}
              part={part}
              field={field}
              before={before}
              locked={lockOf(part, field)}
              clash={clash}
              reference={reference}
              onReplace={noteReplaced}
              onSettle={settle}
            />
          );
        })}
      </div>
    );
  }

  function isSystem(part: Part, { key }: { key: string }): boolean {
    if (part === 'custom') return false;
    return !isEditable(reference.targetType, key);
  }

  function lockOf(part: Part, field: Field): string | undefined {
    if (session?.isViewingAs) return t('staff.viewAs.readOnly');
    const { key } = field;
    if (part === 'custom' && accessTo(field) === 'read') return t('values.noEdit');
    if (part === 'custom') return can('write') ? undefined : t('values.noWrite');
    if (isSystem(part, { key })) return t('values.systemField');
    return can('directory') ? undefined : t('values.noDirectory');
  }
}
