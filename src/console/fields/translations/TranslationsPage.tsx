import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { Download } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams, useSearchParams } from 'react-router';
import type { Field } from '#contract/field';
import { type TargetType, targetTypes } from '#contract/target';
import { stateOf, translationStates } from '#contract/translation';
import { ApiError } from '#contract/wire/errors';
import { fold } from '#contract/wire/fold';
import { languages } from '#contract/wire/language';
import { definitionQueries } from '../../definitions.ts';
import { languageName } from '../../i18n/index.ts';
import { Filter } from '../../inputs/Filter.tsx';
import { LeaveGuard, SaveBar } from '../../inputs/SaveBar.tsx';
import { SearchBox } from '../../inputs/SearchBox.tsx';
import { queryClient } from '../../query.ts';
import { useSession } from '../../session.ts';
import { Empty } from '../../ui/Empty.tsx';
import { ErrorPage } from '../../ui/ErrorPage.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { toast } from '../../ui/toasts.ts';
import { patchOf } from '../editor/changes.ts';
import { FieldsFrame } from '../FieldsFrame.tsx';
import { FileButton } from '../files/FileButton.tsx';
import { loadSheets } from '../files/sheets.ts';
import type { Block } from '../paste/block.ts';
import { Pasted, wayOf } from '../paste/Pasted.tsx';
import type { Told } from '../paste/told.ts';
import { usePlan } from '../plan/usePlan.tsx';
import { type Edit, pasteTexts } from './pasteTexts.ts';
import { TranslationsBoard } from './TranslationsBoard.tsx';
import {
  type Edits,
  editKey,
  type Line,
  readTexts,
  type Text,
  textKinds,
  textsOf,
  withEdits,
  writeTexts,
} from './texts.ts';
import './TranslationsPage.css';

/** The texts of all fields of a target type, by language. */
export function TranslationsPage() {
  const params = useParams();
  const targetType = targetTypes.find((known) => known === params.targetType);
  const list = useQuery({ ...definitionQueries.custom(targetType ?? 'USER'), enabled: Boolean(targetType) });
  if (!targetType) return <ErrorPage error={new ApiError('notFound')} />;
  if (list.error && !list.data) return <ErrorPage error={list.error} onRetry={() => list.refetch()} />;
  return (
    <FieldsFrame targetType={targetType} section="translations">
      {list.data ? (
        <Board key={targetType} targetType={targetType} fields={list.data} />
      ) : (
        <span className="skeleton" style={{ height: 320 }} />
      )}
    </FieldsFrame>
  );
}

function Board({ targetType, fields }: { targetType: TargetType; fields: Field[] }) {
  const { t } = useTranslation();
  const { can } = useSession();
  const [params] = useSearchParams();
  const [edits, setEdits] = useState<Edits>(new Map());
  // A cell is left and a block pasted at once.
  const latest = useRef(edits);
  latest.current = edits;
  const [report, setReport] = useState<Line[]>();
  const [pasted, setPasted] = useState<{ told: Told; before: Edits; result: Edits; turn: number }>();
  const board = useRef<HTMLDivElement>(null);
  const plan = usePlan();
  const all = textsOf(fields);
  const edited = all.map((text) => withOwn(text, edits));
  // An edited text stays visible, whatever the filter says.
  const shown = edited.filter((text, index) => matches(text, params) || matches(all[index] ?? text, params));
  const language = languages.find((known) => known === params.get('language'));
  const counts = Object.fromEntries(translationStates.map((state) => [state, 0]));
  for (const text of edited) {
    for (const each of language ? [language] : languages) {
      const state = stateOf(text.text, text.units[each]);
      counts[state] = (counts[state] ?? 0) + 1;
    }
  }

  function edit(changes: Edit[]) {
    const next = new Map(latest.current);
    const originals = new Map(all.map(({ id, units }) => [id, units]));
    for (const { text, language: each, unit } of changes) {
      const original = originals.get(text.id)?.[each];
      if (JSON.stringify(original) === JSON.stringify(unit)) next.delete(editKey(text, each));
      else next.set(editKey(text, each), unit);
    }
    latest.current = next;
    setEdits(next);
  }
  function paste(block: Block, row: number) {
    const before = latest.current;
    const done = pasteTexts(shown, block, row);
    edit(done.edits);
    setPasted({ told: done.told, before, result: latest.current, turn: (pasted?.turn ?? 0) + 1 });
  }
  // What one looks at after a paste, until something else is edited.
  const looked = pasted?.result === edits ? pasted : undefined;
  const leave = (next = edits) => {
    setEdits(next);
    setPasted(undefined);
    board.current?.querySelector<HTMLElement>('.board-input')?.focus();
  };
  const save = async (onto: Field[], again = true): Promise<void> => {
    const patches = withEdits(onto, edits).map(({ before, after }) => patchOf(before, after, false, before.version));
    try {
      if (!(await plan.run({ changes: patches }, t('fields.board.saved', { count: edits.size })))) return;
      setEdits(new Map());
      setReport(undefined);
    } catch (error) {
      // Somebody saved meanwhile. The edits are keyed by text and language, so they apply to the new state.
      const isOlder = error instanceof ApiError && error.name === 'versionChanged';
      if (isOlder && again)
        return save(await queryClient.fetchQuery({ ...definitionQueries.custom(targetType), staleTime: 0 }), false);
      toast.error(error as Error);
    }
  };
  const download = async () =>
    saveFile(`translations-${targetType.toLowerCase()}.csv`, writeTexts(await loadSheets(), edited), 'text/csv');
  const upload = async (file: File) => {
    const read = readTexts(await loadSheets(), await file.text(), all);
    setEdits(new Map([...edits, ...read.edits]));
    setReport(read.lines);
  };
  return (
    <>
      <search className="filters">
        <SearchBox label={t('fields.board.search')} />
        <Filter
          name="state"
          label={t('fields.board.state')}
          options={translationStates.map((state) => ({
            value: state,
            label: `${t(`fields.board.states.${state}`)} · ${counts[state]}`,
          }))}
        />
        <Filter
          name="language"
          label={t('fields.languages')}
          options={languages.map((each) => ({ value: each, label: languageName(each) }))}
        />
        <Filter
          name="kind"
          label={t('fields.board.kind')}
          options={textKinds.map((kind) => ({ value: kind, label: t(`fields.board.kinds.${kind}`) }))}
        />
        <Button icon={<Download className="icon" aria-hidden />} onClick={download}>
          {t('fields.board.export')}
        </Button>
        {can('define') && <FileButton label={t('fields.board.import')} accept=".csv,text/csv" onFile={upload} />}
      </search>
      {report && <Report lines={report} onClose={() => setReport(undefined)} />}
      {all.length === 0 ? (
        <Empty title={t(`fields.empty.title.${targetType}`)} text={t('fields.empty.text')} />
      ) : shown.length === 0 ? (
        <Empty title={t('app.nothing.title')} text={t('app.nothing.text')} />
      ) : (
        <div
          ref={board}
          onKeyDown={(event) => {
            if (!looked || wayOf(event) !== 'undo') return;
            event.preventDefault();
            leave(looked.before);
          }}
        >
          <TranslationsBoard
            texts={shown}
            language={language}
            isEdited={(text, each) => edits.has(editKey(text, each))}
            readOnly={!can('define')}
            onEdit={(text, each, unit) => edit([{ text, language: each, unit }])}
            onPaste={paste}
          />
          {looked && (
            <Pasted
              key={looked.turn}
              told={looked.told}
              labelName={t('fields.board.text')}
              onKeep={() => leave()}
              onUndo={() => leave(looked.before)}
            />
          )}
        </div>
      )}
      {plan.dialog}
      <LeaveGuard dirty={edits.size > 0 && !plan.isPending} />
      <SaveBar
        changes={[...edits.keys()].slice(0, 8).map((key) => ({ key, text: <span className="mono">{key}</span> }))}
        count={edits.size}
        saving={plan.isPending}
        onSave={() => {
          if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
          void save(fields);
        }}
        onDiscard={() => setEdits(new Map())}
      />
    </>
  );
}

/** The result of an import by line, the refused lines first. */
function Report({ lines, onClose }: { lines: Line[]; onClose: () => void }) {
  const { t } = useTranslation();
  const of = (state: Line['state']) => lines.filter((line) => line.state === state);
  const told = [...of('refused'), ...of('outdated')];
  return (
    <section className="note import-report" role="status">
      <p>
        {t('fields.board.report', {
          changed: of('changed').length + of('outdated').length,
          unchanged: of('unchanged').length,
          refused: of('refused').length,
        })}{' '}
        <Button type="link" size="small" onClick={onClose}>
          {t('app.close')}
        </Button>
      </p>
      <ul>
        {told.slice(0, 100).map(({ line, state, reason, name }) => (
          <li key={line} className={state === 'refused' ? 'field-error' : ''}>
            {t('fields.board.line', { line })} <span className="mono">{name}</span>{' '}
            {reason ? t(`fields.board.reason.${reason}`) : t('fields.board.reason.outdated')}
          </li>
        ))}
        {told.length > 100 && <li>… +{told.length - 100}</li>}
      </ul>
    </section>
  );
}

function withOwn(text: Text, edits: Edits): Text {
  if (!languages.some((language) => edits.has(editKey(text, language)))) return text;
  const units = { ...text.units };
  for (const language of languages) units[language] = edits.get(editKey(text, language)) ?? units[language];
  return { ...text, units };
}

function matches({ key, part, text, kind, units }: Text, params: URLSearchParams): boolean {
  const wanted = fold(params.get('q') ?? '');
  const state = params.get('state');
  const language = params.get('language');
  const looked = languages.filter((each) => !language || each === language);
  return (
    (!wanted ||
      [key, part, text, ...languages.map((each) => units[each].value)].some((one) => fold(one).includes(wanted))) &&
    (!params.get('kind') || kind === params.get('kind')) &&
    (!state || looked.some((each) => stateOf(text, units[each]) === state))
  );
}
