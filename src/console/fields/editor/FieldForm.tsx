import { useMutation } from '@tanstack/react-query';
import { ConfigProvider } from 'antd';
import { lazy, Suspense, useDeferredValue, useMemo, useState } from 'react';
import { FormProvider, type UseFormReturn, useForm, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { isReservedKey } from '#contract/builtin';
import {
  blankField,
  type Field,
  type FieldDefinition,
  fieldDefinition,
  field as fieldSchema,
  groupsOf,
  labelOf,
} from '#contract/field';
import { type Conflict, mergeDefinitions, takeSide } from '#contract/merge';
import { changes, type Property } from '#contract/plan';
import { ApiError } from '#contract/wire/errors';
import type { IssueName } from '#contract/wire/issue';
import { judgedBy } from '../../inputs/form.ts';
import { placeIssues } from '../../inputs/placeIssues.ts';
import { LeaveGuard, SaveBar } from '../../inputs/SaveBar.tsx';
import { patiently } from '../../reach.ts';
import { useSession } from '../../session.ts';
import { useLanguage } from '../../ui/language.ts';
import { toast } from '../../ui/toasts.ts';
import { Preview } from '../Preview.tsx';
import { useDeleteField } from '../plan/useDeleteField.ts';
import { usePlan } from '../plan/usePlan.tsx';
import { createField, saveBuiltin } from '../queries.ts';
import { patchOf } from './changes.ts';
import { nameOf } from './conflict.ts';
import { FieldCards, type FormKind, type View, ViewSwitch } from './FieldCards.tsx';
import './FieldForm.css';

const Conflicts = lazy(() => patiently(() => import('./Conflicts.tsx')).then((m) => ({ default: m.Conflicts })));

interface FieldFormProps {
  field: Field;
  kind: FormKind;
  /** The fields of the target type, including this one if it is stored. */
  others: Field[];
  onSaved: () => void;
  onCreated: (key: string) => void;
  onDeleted: () => void;
}

/** The form of a field. Its values are the definition; the contract's schema validates it; a save sends changes. */
export function FieldForm({ field: given, kind, others, onSaved, onCreated, onDeleted }: FieldFormProps) {
  const { t } = useTranslation();
  const { can } = useSession();
  const language = useLanguage();
  const isNew = kind === 'new' || kind === 'copy';
  const takenKeys = others.map(({ key }) => key);
  const groups = groupsOf(others).filter(({ name }) => name);
  const create = useMutation(createField());
  const builtin = useMutation(saveBuiltin());
  const plan = usePlan();
  const remove = useDeleteField();
  const [view, setView] = useState<View>('form');
  const [stored, setStored] = useState(given);
  const [meeting, setMeeting] = useState<Meeting>();
  // The options editor has its own rows, so a reset of the form must remount it.
  const [round, setRound] = useState(0);
  // Measured: with 20,000 options each of these takes tens of milliseconds, otherwise on every keystroke.
  const start = useMemo(() => bare(stored), [stored]);
  const before = useMemo(
    () => (kind === 'copy' ? blankField(given.dataType, given.targetType) : start),
    [kind, given.dataType, given.targetType, start],
  );
  const form = useForm<FieldDefinition>({
    resolver: judgedBy(fieldDefinition),
    defaultValues: start,
    mode: 'onTouched',
  });
  const values = useWatch({ control: form.control }) as FieldDefinition;
  const shown = useDeferredValue(values);
  const changed = useMemo(() => changes(before, values), [before, values]);
  const readOnly = !can('define');
  const saving = create.isPending || builtin.isPending || plan.isPending;
  const isSaved = create.isSuccess || builtin.isSuccess;

  const submit = form.handleSubmit((sent) => save(sent, stored));

  async function save(sent: FieldDefinition, onto: Field): Promise<void> {
    if (isNew && isReservedKey(sent.targetType, sent.key)) return refuse('key', 'keyReserved');
    if (isNew && takenKeys.includes(sent.key)) return refuse('key', 'keyTaken');
    const from = kind === 'copy' ? blankField(sent.dataType, sent.targetType) : bare(onto);
    try {
      if (await send(patchOf(from, sent, isNew, onto.version), sent)) {
        if (isNew) onCreated(sent.key);
        else onSaved();
      }
    } catch (error) {
      const isOlder = error instanceof ApiError && error.name === 'versionChanged';
      const theirs = isOlder ? fieldSchema.safeParse(error.details.current) : undefined;
      if (theirs?.success) await meet(sent, bare(onto), theirs.data);
      else place(form, error as Error);
    }
  }

  /** Whether it was saved. False if the person saw the plan and went back. */
  async function send(patch: ReturnType<typeof patchOf>, sent: FieldDefinition): Promise<boolean> {
    const said = t('fields.saved', { label: labelOf(sent, language) });
    if (kind === 'stored') return (await plan.run({ changes: [patch] }, said)) !== undefined;
    if (isNew) await create.mutateAsync(patch);
    else {
      const { targetType: _, create: __, dataType: ___, ...own } = patch;
      await builtin.mutateAsync(own);
    }
    toast.say(said);
    return true;
  }

  /** Somebody else saved meanwhile: changes of only one side merge automatically; the person decides on the rest. */
  async function meet(mine: FieldDefinition, base: FieldDefinition, current: Field): Promise<void> {
    const theirs = bare(current);
    const { merged, conflicts } = mergeDefinitions(base, mine, theirs);
    setStored(current);
    startOver(theirs, merged);
    if (conflicts.length) return setMeeting({ mine, theirs, conflicts, chosen: new Set() });
    toast.say(t('fields.conflict.merged'));
    await save(merged, current);
  }

  function choose(conflict: Conflict, side: 'mine' | 'theirs'): void {
    if (!meeting) return;
    const chosen = new Set(meeting.chosen);
    if (side === 'mine') chosen.add(nameOf(conflict));
    else chosen.delete(nameOf(conflict));
    setMeeting({ ...meeting, chosen });
    startOver(meeting.theirs, takeSide(form.getValues(), meeting[side], conflict));
  }

  function startOver(defaults: FieldDefinition, now: FieldDefinition): void {
    form.reset(defaults);
    form.reset(now, { keepDefaultValues: true });
    setRound((rounds) => rounds + 1);
  }

  const refuse = (path: 'key', name: IssueName) => form.setError(path, { message: name }, { shouldFocus: true });

  return (
    <FormProvider {...form}>
      <ConfigProvider componentDisabled={readOnly}>
        {readOnly && <p className="note read-only">{t('fields.readOnly')}</p>}
        <ViewSwitch view={view} onChange={setView} />
        {meeting && (
          <Suspense fallback={null}>
            <Conflicts {...meeting} onChoose={choose} onDone={() => setMeeting(undefined)} />
          </Suspense>
        )}
        <div className="editor" data-view={view}>
          <form className="editor-form stack" noValidate onSubmit={submit}>
            <FieldCards
              kind={kind}
              stored={stored}
              others={others}
              groups={groups}
              dataType={values.dataType}
              round={round}
              onDelete={() => remove.run(stored, onDeleted)}
            />
          </form>
          <aside className="editor-side">
            <Preview field={shown} />
          </aside>
        </div>
      </ConfigProvider>
      {plan.dialog}
      {remove.dialog}
      <LeaveGuard dirty={changed.length > 0 && !saving && !isSaved && !remove.isPending} />
      <SaveBar
        changes={changed.map((name) => ({
          key: name,
          text: <b>{t(`fields.change.${name}` satisfies `fields.change.${Property}`)}</b>,
        }))}
        saving={saving}
        saveLabel={isNew ? t('fields.create') : t('app.save')}
        onSave={() => {
          leaveControl();
          void submit();
        }}
        onDiscard={() => {
          startOver(start, start);
          setMeeting(undefined);
        }}
      />
    </FormProvider>
  );
}

/** A long list passes typed text to the form when the focus leaves. */
function leaveControl(): void {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}

/** Two conflicting changes of a field. */
interface Meeting {
  mine: FieldDefinition;
  theirs: FieldDefinition;
  conflicts: Conflict[];
  chosen: Set<string>;
}

/** The definition without dates and version. A stored one that the contract no longer accepts is edited as it is. */
const bare = (field: Field): FieldDefinition => fieldDefinition.catch(field).parse(field);

/** Shows the server's issues at their controls, and the others in a toast. */
function place(form: UseFormReturn<FieldDefinition>, error: Error): void {
  // The path after `changes` or `list` and the index is the path in the contract's schema.
  const placed = placeIssues(error, (path) => (path.length > 2 ? path.slice(2).join('.') : undefined));
  for (const [path, message] of Object.entries(placed))
    form.setError(path as keyof FieldDefinition, { message: String(message) }, { shouldFocus: true });
}
