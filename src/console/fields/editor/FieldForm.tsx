import { useMutation } from '@tanstack/react-query';
import { ConfigProvider } from 'antd';
import { type ReactNode, type RefObject, useDeferredValue, useMemo, useState } from 'react';
import { FormProvider, type UseFormReturn, useForm, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { isReservedKey } from '#contract/builtin';
import {
  blankField,
  type Field,
  type FieldDefinition,
  fieldDefinition,
  field as fieldSchema,
  labelOf,
} from '#contract/field';
import { changes, type Property } from '#contract/plan';
import { ApiError } from '#contract/wire/errors';
import { judgedBy } from '../../inputs/form.ts';
import { placeIssues } from '../../inputs/placeIssues.ts';
import { LeaveGuard, SaveBar } from '../../inputs/SaveBar.tsx';
import type { FieldTab } from '../../paths.ts';
import { useSession } from '../../session.ts';
import { useLanguage } from '../../ui/language.ts';
import { toast } from '../../ui/toasts.ts';
import { Preview } from '../Preview.tsx';
import { useDeleteField } from '../plan/useDeleteField.ts';
import { usePlan } from '../plan/usePlan.tsx';
import { createField, saveBuiltin } from '../queries.ts';
import { patchOf } from './changes.ts';
import { type CardsProps, FieldCards, type FormKind, type View, ViewSwitch } from './FieldCards.tsx';
import { FieldTabs, tabsOf } from './FieldTabs.tsx';
import { useProblems } from './problems.ts';
import { useMeeting } from './useMeeting.tsx';
import { useSayCreated } from './useSayCreated.ts';
import './FieldForm.css';

interface FieldFormProps {
  field: Field;
  kind: FormKind;
  /** The tab that the URL names. */
  tab: FieldTab;
  pathOf: (tab: FieldTab) => string;
  /** The fields of the target type, including this one if it is stored. */
  others: Field[];
  onSaved: () => void;
  onCreated: (key: string) => void;
  onDeleted: () => void;
}

/** The form of a field. Its values are the definition; the contract's schema validates it; a save sends changes. */
export function FieldForm({ field: given, kind, tab, pathOf, others, onSaved, onCreated, onDeleted }: FieldFormProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const navigate = useNavigate();
  const isNew = kind === 'new' || kind === 'copy';
  const create = useMutation(createField());
  const builtin = useMutation(saveBuiltin());
  const plan = usePlan();
  const remove = useDeleteField();
  const sayCreated = useSayCreated();
  const [view, setView] = useState<View>('form');
  const [stored, setStored] = useState(given);
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
    // It can be in another tab.
    shouldFocusError: false,
  });
  const values = useWatch({ control: form.control }) as FieldDefinition;
  const changed = useMemo(() => changes(before, values), [before, values]);
  const meeting = useMeeting(form);
  const tabs = tabsOf(values.dataType, kind === 'builtin');
  // The field may have been of another type when the link was made. A new one is a single page.
  const current = isNew ? undefined : tabs.includes(tab) ? tab : 'name';
  const open = (wrong: FieldTab, replace: boolean) => void navigate(pathOf(wrong), { replace });
  const problems = useProblems(form, { tabs, current, open });
  const sections = problems.wrong.map((wrong) => t(`fields.tab.${wrong}`));
  const saving = create.isPending || builtin.isPending || plan.isPending;
  const isSaved = create.isSuccess || builtin.isSuccess;

  const lead = () => {
    setView('form');
    problems.lead();
  };
  const submit = form.handleSubmit((sent) => save(sent, stored), lead);

  async function save(sent: FieldDefinition, onto: Field): Promise<void> {
    const isReserved = isNew && isReservedKey(sent.targetType, sent.key);
    if (isReserved || (isNew && others.some(({ key }) => key === sent.key))) {
      form.setError('key', { message: isReserved ? 'keyReserved' : 'keyTaken' });
      return lead();
    }
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
      else if (place(form, error as Error)) lead();
    }
  }

  /** Whether it was saved. False if the person saw the plan and went back. */
  async function send(patch: ReturnType<typeof patchOf>, sent: FieldDefinition): Promise<boolean> {
    const said = t('fields.saved', { label: labelOf(sent, language) });
    if (kind === 'stored') return (await plan.run({ changes: [patch] }, said)) !== undefined;
    if (isNew) {
      await create.mutateAsync(patch);
      sayCreated(said, sent);
    } else {
      const { targetType: _, create: __, dataType: ___, ...own } = patch;
      await builtin.mutateAsync(own);
      toast.say(said);
    }
    return true;
  }

  /** Somebody else saved meanwhile: changes of only one side merge automatically; the person decides on the rest. */
  async function meet(mine: FieldDefinition, base: FieldDefinition, theirs: Field): Promise<void> {
    setStored(theirs);
    const merged = meeting.merge(base, mine, bare(theirs));
    if (!merged) return;
    toast.say(t('fields.conflict.merged'));
    await save(merged, theirs);
  }

  return (
    <FormProvider {...form}>
      <Layout
        kind={kind}
        tabs={tabs}
        current={current}
        stored={stored}
        others={others}
        values={values}
        changed={changed}
        view={view}
        pathOf={pathOf}
        dataType={values.dataType}
        round={meeting.round}
        wrong={problems.wrong}
        frame={problems.frame}
        conflicts={meeting.conflicts}
        onView={setView}
        onDelete={() => remove.run(stored, onDeleted)}
      />
      {plan.dialog}
      {remove.dialog}
      <LeaveGuard
        dirty={changed.length > 0 && !saving && !isSaved && !remove.isPending}
        within={current && tabs.map(pathOf)}
      />
      <SaveBar
        changes={changed.map((name) => ({
          key: name,
          text: <b>{t(`fields.change.${name}` satisfies `fields.change.${Property}`)}</b>,
        }))}
        saving={saving}
        saveLabel={isNew ? t('fields.create') : t('app.save')}
        problem={sections.length ? { text: t('fields.toFix', { sections }), onShow: lead } : undefined}
        onSave={() => {
          leaveControl();
          void submit();
        }}
        onDiscard={() => meeting.discard(start)}
      />
    </FormProvider>
  );
}

interface LayoutProps extends CardsProps {
  tabs: FieldTab[];
  current: FieldTab | undefined;
  values: FieldDefinition;
  changed: Property[];
  wrong: FieldTab[];
  view: View;
  frame: RefObject<HTMLFormElement | null>;
  conflicts: ReactNode;
  pathOf: (tab: FieldTab) => string;
  onView: (view: View) => void;
}

/** What is changed with an eye on what viewers see. Options take the whole width. */
const previewed: FieldTab[] = ['name', 'visibility', 'rules'];

/** The tabs, the cards of one of them, and the preview beside. */
function Layout({ values, changed, wrong, view, frame, conflicts, pathOf, onView, ...cards }: LayoutProps) {
  const { t } = useTranslation();
  const { can } = useSession();
  const language = useLanguage();
  const shown = useDeferredValue(values);
  const { tabs, current, stored } = cards;
  const hasPreview = !current || previewed.includes(current);
  return (
    <ConfigProvider componentDisabled={!can('define')}>
      {current && (
        <FieldTabs
          tabs={tabs}
          current={current}
          label={labelOf(stored, language)}
          pathOf={pathOf}
          values={shown}
          changed={changed}
          wrong={wrong}
        />
      )}
      {!can('define') && <p className="note read-only">{t('fields.readOnly')}</p>}
      {hasPreview && <ViewSwitch view={view} onChange={onView} />}
      {conflicts}
      <div className="editor" data-view={hasPreview ? view : 'form'} data-alone={!hasPreview}>
        {/* Only the save bar saves, not an Enter in a tab with a single input. */}
        <form className="editor-form" ref={frame} noValidate onSubmit={(event) => event.preventDefault()}>
          <FieldCards {...cards} />
        </form>
        <aside className="editor-side">
          <Preview field={shown} />
        </aside>
      </div>
    </ConfigProvider>
  );
}

/** A long list passes typed text to the form when the focus leaves. */
function leaveControl(): void {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}

/** The definition without dates and version. A stored one that the contract no longer accepts is edited as it is. */
const bare = (field: Field): FieldDefinition => fieldDefinition.catch(field).parse(field);

/** Puts the server's issues at their controls, and the others in a toast. Whether some are at a control. */
function place(form: UseFormReturn<FieldDefinition>, error: Error): boolean {
  // The path after `changes` or `list` and the index is the path in the contract's schema.
  const placed = Object.entries(placeIssues(error, (path) => (path.length > 2 ? path.slice(2).join('.') : undefined)));
  for (const [path, message] of placed) form.setError(path as keyof FieldDefinition, { message: String(message) });
  return placed.length > 0;
}
