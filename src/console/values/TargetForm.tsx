import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Input, type InputRef } from 'antd';
import { useCallback, useRef, useState } from 'react';
import { FormProvider, useForm, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { Output } from '#contract/endpoints';
import { type Field, labelOf } from '#contract/field';
import { maxReason } from '#contract/history';
import type { Value } from '#contract/value';
import { placeIssues } from '../inputs/placeIssues.ts';
import { LeaveGuard, SaveBar } from '../inputs/SaveBar.tsx';
import { kinds, type Reference } from '../kinds.ts';
import { useSession } from '../session.ts';
import { useLanguage } from '../ui/language.ts';
import { toast } from '../ui/toasts.ts';
import { sayValue } from '../ui/ValueText.tsx';
import { ago } from '../ui/when.ts';
import { draftOf, parts, restoredOf, withRestored } from './draft.ts';
import { type FormValues, type Part, resolverFor, valuesOf } from './form.ts';
import { type Base, type Outcome, save } from './save.ts';
import { lastChangeOf, type TargetData } from './targets.ts';
import { useDraft } from './useDraft.ts';
import { type Clash, short } from './ValueField.tsx';
import { ValueSections } from './ValueSections.tsx';
import './TargetForm.css';

/** The form of a target's fields. It marks changed fields, and a save sends only these. */
export function TargetForm({
  reference: named,
  data: given,
  draft,
  onSaved,
}: {
  reference: Reference;
  data: TargetData;
  /** The viewer's earlier input that wasn't saved. */
  draft: Output<'getDraft'>;
  onSaved: () => void;
}) {
  const { t } = useTranslation();
  const { session, accessTo } = useSession();
  const language = useLanguage();
  const [reference] = useState(named);
  // The form leaves out fields that the viewer's role doesn't see, even if they can define them.
  const [data] = useState(() => ({ ...given, custom: given.custom.filter((field) => accessTo(field) !== 'hidden') }));
  const [base, setBase] = useState<Base>(() => ({ values: valuesOf(data), etag: data.etag }));
  const before = base.values;
  const [restored, setRestored] = useState(() => draft && restoredOf(draft.draft, data, before));
  const [clashes, setClashes] = useState<Clash[]>(() =>
    (restored ?? []).filter((one) => one.theirs !== one.base && one.theirs !== one.mine),
  );
  const reason = useReason(session?.needsReason ?? false);
  const form = useForm<FormValues>({
    // Includes the restored draft.
    defaultValues: withRestored(before, restored ?? []),
    resolver: resolverFor(data, before, language),
    mode: 'onTouched',
  });
  const queryClient = useQueryClient();
  const values = useWatch({ control: form.control }) as FormValues;
  /** The last change of each masked value that is being replaced, because a mask doesn't show changes. */
  const seen = useRef(new Map<string, number>());
  const saving = useMutation({
    mutationKey: ['values', 'directory'],
    meta: { handled: true },
    mutationFn: (mine: FormValues) => save(reference, data, { base, mine, seen: seen.current, reason: reason.text }),
  });
  // A save with conflicts has saved nothing yet.
  const isSaved = saving.data !== undefined && 'merged' in saving.data;
  const changed = parts.flatMap((part) =>
    data[part]
      .filter(({ key }) => (values[part][key] ?? null) !== before[part][key])
      .map((field) => ({ part, field, path: `${part}.${field.key}` as const })),
  );
  const forget = useDraft(reference, draftOf(changed, before, values), saving.isPending || isSaved);

  const submit = form.handleSubmit(async (sent) => {
    if (clashes.length) return toast.say(t('values.conflict.first'));
    if (!reason.isGiven()) return;
    const pick = (part: Part) =>
      Object.fromEntries(
        changed.filter((one) => one.part === part).map(({ field }) => [field.key, sent[part][field.key] ?? null]),
      );
    await saving.mutateAsync({ builtin: pick('builtin'), custom: pick('custom') }).then(settleSave, place);
  });

  function settleSave(outcome: Outcome) {
    if ('clashes' in outcome) {
      for (const { part, field } of outcome.moved)
        form.setValue(`${part}.${field.key}`, outcome.base.values[part][field.key] ?? null);
      setBase(outcome.base);
      return setClashes(outcome.clashes);
    }
    // The counts of values change too. The form doesn't wait for them.
    void queryClient.invalidateQueries({ queryKey: ['fields'], refetchType: 'none' });
    const said = t('values.saved', { name: kinds[reference.targetType].name(data.entity) });
    const others = outcome.merged.map((field) => labelOf(field, language));
    toast.say(others.length ? `${said} ${t('values.conflict.merged', { fields: others })}` : said);
    onSaved();
  }

  /** Shows the server's issues at their controls, and the others in a toast. */
  function place(error: Error) {
    const placed = placeIssues(error, (path) => changed.find(({ field }) => field.key === path.at(-1))?.path);
    for (const { path } of changed) {
      const message = placed[path];
      if (message) form.setError(path, { message }, { shouldFocus: true });
    }
  }

  const noteReplaced = useCallback(
    (key: string) => {
      void lastChangeOf(reference, key).then((entry) => seen.current.set(key, entry));
    },
    [reference],
  );
  /** The choice of a side in a conflict. */
  const { setValue } = form;
  const settle = useCallback(
    ({ path, theirs }: Clash, side: 'mine' | 'theirs') => {
      // Paths consist of the form's own parts and keys.
      if (side === 'theirs') setValue(path as `custom.${string}`, theirs, { shouldDirty: true });
      setClashes((now) => now.filter((clash) => clash.path !== path));
    },
    [setValue],
  );
  const say = (field: Field, value: Value | null | undefined) =>
    short(value === null || value === undefined ? t('values.notSet') : sayValue(value, field, language, t));
  return (
    <FormProvider {...form}>
      {draft && restored && restored.length > 0 && (
        <p className="note restored" role="status">
          {t('values.draft', { at: ago(draft.at, language) })}
        </p>
      )}
      <ValueSections
        reference={reference}
        data={data}
        before={before}
        clashes={clashes}
        touched={new Set(changed.map(({ path }) => path))}
        onReplace={noteReplaced}
        onSettle={settle}
        onSubmit={submit}
      />
      <LeaveGuard dirty={changed.length > 0 && !isSaved} onDiscard={forget} />
      <SaveBar
        changes={changed.map(({ part, field, path }) => ({
          key: path,
          text: (
            <>
              <b lang={language}>{labelOf(field, language)}</b> {say(field, before[part][field.key])} →{' '}
              {say(field, values[part][field.key])}
            </>
          ),
        }))}
        saving={saving.isPending}
        onSave={submit}
        onDiscard={() => {
          form.reset(before);
          setClashes([]);
          setRestored(null);
          forget();
        }}
      >
        {reason.input}
      </SaveBar>
    </FormProvider>
  );
}

/** The reason of a change: its control, its text, and whether it is missing. */
function useReason(isRequired: boolean) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [isMissing, setMissing] = useState(false);
  const control = useRef<InputRef>(null);
  const label = t(isRequired ? 'values.reasonRequired' : 'values.reason');
  const isWrong = isMissing && !text.trim();
  return {
    text,
    isGiven() {
      if (!isRequired || text.trim()) return true;
      setMissing(true);
      control.current?.focus();
      toast.say(t('issues.reasonRequired'));
      return false;
    },
    input: (
      <Input
        ref={control}
        className="reason"
        aria-label={label}
        placeholder={label}
        aria-required={isRequired}
        aria-invalid={isWrong}
        status={isWrong ? 'error' : ''}
        maxLength={maxReason}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    ),
  };
}
