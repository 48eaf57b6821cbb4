import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Field } from '#contract/field';
import { fold } from '#contract/wire/fold';
import { type Language, languages } from '#contract/wire/language';
import { keyOf } from '../../inputs/SaveBar.tsx';
import { useSession } from '../../session.ts';
import { useLanguage } from '../../ui/language.ts';
import { type Column, columns } from '../paste/columns.ts';
import { Pasted, wayOf } from '../paste/Pasted.tsx';
import { fieldQueries } from '../queries.ts';
import { narrow, useMedia } from '../useMedia.ts';
import { OptionList } from './OptionList.tsx';
import { OptionTools } from './OptionTools.tsx';
import { RetiredOptions } from './RetiredOptions.tsx';
import { type Row, textIn, withoutBlankEnd } from './rows.ts';
import type { Place } from './useListActions.ts';
import { useOptionRows } from './useOptionRows.ts';
import { usePasting } from './usePasting.ts';
import './OptionsEditor.css';

/** The options of a single select: a grid that stays fast with 20,000 rows and takes blocks from spreadsheets. */
export function OptionsEditor({ stored: given }: { stored: Field | undefined }) {
  const { t, i18n } = useTranslation();
  const mayDefine = useSession().can('define');
  const stored = given && 'options' in given ? given : undefined;
  const { rows, actions } = useOptionRows();
  const [search, setSearch] = useState('');
  const [focus, setFocus] = useState<{ id: number; place: Place }>();
  const own = useLanguage();
  const isNarrow = useMedia(narrow);
  const [chosen, setChosen] = useState<Language | 'all'>();
  const language = chosen ?? (isNarrow ? own : 'all');
  const shownLanguages = language === 'all' ? languages : ones[language];
  const counts = useQuery({
    ...fieldQueries.options(stored?.targetType ?? 'USER', stored?.key ?? ''),
    enabled: Boolean(stored) && mayDefine,
  });
  const wanted = fold(search.trim());
  const shown = wanted ? rows.filter((row) => hasText(row, wanted)) : rows;
  const order: Column[] = ['value', 'label', ...shownLanguages];
  const pasting = usePasting({ rows, shown, order, stored, actions, onFocus: setFocus, onNew: () => setSearch('') });
  return (
    <>
      <section className="card">
        <header>
          <h2>
            {t('fields.options.title')}{' '}
            <small className="quiet">{withoutBlankEnd(rows).length.toLocaleString(i18n.language)}</small>
          </h2>
        </header>
        <OptionTools
          rows={rows}
          search={search}
          language={language}
          onSearch={setSearch}
          onSort={(sorted) => actions.put(sorted)}
          onBlock={(text) => pasting.paste(text)}
          onLanguage={setChosen}
        />
        <div
          onKeyDown={(event) => {
            const way = wayOf(event);
            if (!way || !mayDefine || !pasting.travel(way)) return;
            event.preventDefault();
            keepFocus(event.currentTarget);
          }}
        >
          <OptionList
            rows={rows}
            actions={actions}
            shown={shown}
            isSearch={wanted !== ''}
            languages={shownLanguages}
            stored={stored}
            counts={counts.data}
            before={pasting.pasted?.before}
            focus={focus}
            onFocus={setFocus}
            onPaste={(id, column, text) => mayDefine && pasting.paste(text, { id, column })}
          />
          {pasting.pasted && (
            <Pasted
              key={pasting.pasted.name}
              told={pasting.pasted.told}
              labelName={t('fields.options.label')}
              absent={pasting.pasted.absent}
              onKeep={pasting.keep}
              onUndo={() => pasting.travel('undo')}
            />
          )}
        </div>
        {mayDefine && rows.length > 0 && <Keys />}
        {stored && <p className="field-help">{t('fields.options.removeHelp')}</p>}
      </section>
      {stored && (
        <RetiredOptions
          stored={stored}
          counts={counts.data}
          onRevive={(option) => actions.insert(rows.length, [option])}
        />
      )}
    </>
  );
}

/** What the keys do in a cell. */
function Keys() {
  const { t } = useTranslation();
  const keys = [
    ['Enter', t('fields.options.keys.down')],
    ['Tab', t('fields.options.keys.right')],
    ['Alt ↑↓', t('fields.options.keys.move')],
    [keyOf('V'), t('fields.options.keys.paste')],
    [keyOf('Z'), t('app.undo')],
  ];
  return (
    <p className="options-keys">
      {keys.map(([key, what]) => (
        <span key={key}>
          <kbd>{key}</kbd> {what}
        </span>
      ))}
    </p>
  );
}

/** The row with the focus may be gone. The next key is still meant for the list. */
function keepFocus(list: HTMLElement): void {
  requestAnimationFrame(() => {
    if (document.activeElement === document.body) list.querySelector<HTMLElement>('.option-add button')?.focus();
  });
}

/** One stable list for each, so that a row renders again only when it changes. */
const ones = Object.fromEntries(languages.map((language) => [language, [language]])) as Record<Language, Language[]>;

const hasText = (row: Row, wanted: string): boolean =>
  columns.some((column) => fold(textIn(row, column).trim()).includes(wanted));
