import { useMutation } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { FormProvider, type UseFormReturn, useForm, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { Output } from '#contract/endpoints';
import { type Field, labelOf } from '#contract/field';
import type { Value } from '#contract/value';
import { placeIssues } from '../inputs/placeIssues.ts';
import { LeaveGuard, SaveBar } from '../inputs/SaveBar.tsx';
import { kinds, type Reference } from '../kinds.ts';
import { queryClient, untilAnswered } from '../query.ts';
import { useSession } from '../session.ts';
import { useLanguage } from '../ui/language.ts';
import { toast } from '../ui/toasts.ts';
import { sayValue } from '../ui/ValueText.tsx';
import { ago } from '../ui/when.ts';
import { draftOf, parts, restoredOf, withRestored } from './draft.ts';
import { type Clash, type FormValues, type Part, resolverFor, valuesOf } from './form.ts';
import { useUndoChange } from './history/useUndoChange.ts';
import { useProblems } from './problems.ts';
import { type Base, type Outcome, save } from './save.ts';
import { lastChangeOf, type TargetData, targetPath } from './targets.ts';
import { useDraft } from './useDraft.ts';
import { useReason } from './useReason.tsx';
import { short } from './ValueNotes.tsx';
import { ValueSections } from './ValueSections.tsx';
import './TargetForm.css';

/** The form of a target's fields. It marks changed fields, and a save sends only these. */
export function TargetForm({
  reference: named,
  data: given,
  draft,
  undone,
  onSaved,
  onUndone,
}: {
  reference: Reference;
  data: TargetData;
  /** The viewer's earlier input that wasn't saved. */
  draft: Output<'getDraft'>;
  /** How often a save was undone since the form is there: it then takes over what isn't being edited. */
  undone: number;
  onSaved: () => void;
  onUndone: () => void;
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
  const { goal, problem, lead, leadToFirst } = useProblems(targetPath(reference), data, form.formState.errors, clashes);
  const undo = useUndoChange(reference, data, onUndone);
  const values = useWatch({ control: form.control }) as FormValues;
  const { seen, noteReplaced } = useReplaced(reference);
  const saving = useMutation({
    mutationKey: ['values', 'directory'],
    meta: { handled: true },
    ...untilAnswered,
    mutationFn: (mine: FormValues) => save(reference, data, { base, mine, seen, reason: reason.text }),
  });
  // A save with conflicts has saved nothing yet.
  const isSaved = saving.data !== undefined && 'merged' in saving.data;
  const changed = fieldsIn(data).filter(
    ({ part, field: { key } }) => (values[part][key] ?? null) !== before[part][key],
  );
  const forget = useDraft(reference, draftOf(changed, before, values), saving.isPending || isSaved);

  const submit = form.handleSubmit(
    async (sent) => {
      if (clashes.length) return leadToFirst({}, clashes);
      if (!reason.isGiven()) return;
      const pick = (part: Part) =>
        Object.fromEntries(
          changed.filter((one) => one.part === part).map(({ field }) => [field.key, sent[part][field.key] ?? null]),
        );
      const mine = { builtin: pick('builtin'), custom: pick('custom') };
      await saving.mutateAsync(mine).then(settleSave, place);
    },
    (errors) => leadToFirst(errors, clashes),
  );

  function settleSave(outcome: Outcome) {
    if ('clashes' in outcome) {
      for (const { part, field } of outcome.moved)
        form.setValue(`${part}.${field.key}`, outcome.base.values[part][field.key] ?? null);
      setBase(outcome.base);
      setClashes(outcome.clashes);
      return leadToFirst({}, outcome.clashes);
    }
    // The counts of values change too. The form doesn't wait for them.
    void queryClient.invalidateQueries({ queryKey: ['fields'], refetchType: 'none' });
    const said = t('values.saved', { name: kinds[reference.targetType].name(given.entity) });
    const at = new Date().toISOString();
    const others = outcome.merged.map((field) => labelOf(field, language));
    toast.say(others.length ? `${said} ${t('values.conflict.merged', { fields: others })}` : said, {
      label: t('app.undo'),
      run: () => undo({ request: outcome.requestId, at }),
    });
    onSaved();
  }

  /** Shows the server's issues at their controls, and the others in a toast. */
  function place(error: Error) {
    const placed = placeIssues(error, (path) => changed.find(({ field }) => field.key === path.at(-1))?.path);
    for (const { path } of changed) {
      const message = placed[path];
      if (message) form.setError(path, { message });
    }
    lead(changed.find(({ path }) => placed[path])?.path);
  }

  useTakeOver(undone, { form, data, given, before, setBase });

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
        etag={base.etag}
        onUndo={undo}
        clashes={clashes}
        touched={new Set(changed.map(({ path }) => path))}
        goal={goal}
        onReplace={noteReplaced}
        onSettle={settle}
        onSubmit={submit}
      />
      <LeaveGuard dirty={changed.length > 0 && !isSaved} onDiscard={forget} />
      <SaveBar
        changes={changed.map(({ part, field, path }) => ({
          key: path,
          text: <ChangeText field={field} from={before[part][field.key]} to={values[part][field.key]} />,
        }))}
        saving={saving.isPending}
        problem={problem}
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

type Stored = Value | null | undefined;

function ChangeText({ field, from, to }: { field: Field; from: Stored; to: Stored }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const say = (value: Stored) =>
    short(value === null || value === undefined ? t('values.notSet') : sayValue(value, field, language, t));
  return (
    <>
      <b lang={language}>{labelOf(field, language)}</b> {say(from)} → {say(to)}
    </>
  );
}

const fieldsIn = (data: TargetData) =>
  parts.flatMap((part) => data[part].map((field) => ({ part, field, path: `${part}.${field.key}` as const })));

/** The last change of each masked value that is being replaced, because a mask doesn't show changes. */
function useReplaced(reference: Reference) {
  const [seen] = useState(new Map<string, number>());
  const noteReplaced = useCallback(
    (key: string) => {
      void lastChangeOf(reference, key).then((entry) => seen.set(key, entry));
    },
    [reference, seen],
  );
  return { seen, noteReplaced };
}

/** After an undone save: what isn't being edited follows what is stored now. */
function useTakeOver(
  undone: number,
  {
    form,
    data,
    given,
    before,
    setBase,
  }: {
    form: UseFormReturn<FormValues>;
    data: TargetData;
    given: TargetData;
    before: FormValues;
    setBase: (base: Base) => void;
  },
): void {
  const taken = useRef(undone);
  useEffect(() => {
    if (taken.current === undone) return;
    taken.current = undone;
    const theirs = valuesOf({ ...given, custom: data.custom });
    for (const { part, field, path } of fieldsIn(data)) {
      if ((form.getValues(path) ?? null) === before[part][field.key])
        form.setValue(path, theirs[part][field.key] ?? null);
    }
    setBase({ values: theirs, etag: given.etag });
  });
}
