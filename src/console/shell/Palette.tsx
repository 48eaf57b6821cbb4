import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { labelOf } from '#contract/field';
import { targetTypes } from '#contract/target';
import { fold } from '#contract/wire/fold';
import { languages } from '#contract/wire/language';
import { call } from '../api.ts';
import { definitionQueries } from '../definitions.ts';
import { fieldPath, holderPath } from '../paths.ts';
import { recentVisits } from '../recent.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { useLanguage } from '../ui/language.ts';
import { Marked } from '../ui/Marked.tsx';
import { useSettled } from '../ui/useSettled.ts';
import { useCommands } from './commands.ts';
import { usePages } from './pages.ts';
import './Palette.css';

/** Something to go to, or to do. */
interface Found {
  path?: string | undefined;
  run?: (() => void) | undefined;
  name: string;
  /** Distinguishes it from others. */
  aside: string;
}

const each = 6;

/** Opens a page, a field or a target by a few letters of its name or value, or does what a command says. */
export function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const id = useId();
  // Not deferred: Enter may follow the last letter at once.
  const wanted = fold(text.trim());
  const found = useFound(wanted);
  const chosen = Math.min(at, found.length - 1);
  const go = (to: Found | undefined) => {
    if (!to) return;
    onClose();
    to.run?.();
    if (to.path) navigate(to.path);
  };
  return (
    <Dialog label={t('app.palette.open')} size="medium" className="palette" onClose={onClose}>
      <input
        role="combobox"
        aria-expanded
        aria-controls={id}
        aria-activedescendant={found[chosen] ? `${id}-${chosen}` : undefined}
        aria-label={t('app.palette.placeholder')}
        placeholder={t('app.palette.placeholder')}
        autoFocus
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
          if (step) setAt((chosen + step + found.length) % Math.max(found.length, 1));
          else if (event.key === 'Enter') go(found[chosen]);
          else return;
          event.preventDefault();
        }}
      />
      <div role="listbox" id={id} aria-label={t('app.palette.results')}>
        {found.map((one, index) => (
          <button
            key={one.path ?? one.name}
            type="button"
            role="option"
            id={`${id}-${index}`}
            aria-selected={index === chosen}
            tabIndex={-1}
            onClick={() => go(one)}
          >
            <span>
              <Marked text={one.name} words={wanted} />
            </span>{' '}
            <small className="quiet">
              <Marked text={one.aside} words={wanted} />
            </small>
          </button>
        ))}
      </div>
      {wanted && found.length === 0 && <p className="quiet">{t('app.nothing.title')}</p>}
    </Dialog>
  );
}

function useFound(wanted: string): Found[] {
  const { t } = useTranslation();
  const language = useLanguage();
  const settled = useSettled(wanted);
  const fields = useQueries({
    queries: targetTypes.map(definitionQueries.custom),
    combine: (answers) => answers.flatMap(({ data }) => data ?? []),
  });
  const targets = useQuery({
    queryKey: ['directory', 'palette', settled],
    enabled: settled !== '',
    placeholderData: keepPreviousData,
    queryFn: async () => {
      const columns = ['email'];
      const lists = await Promise.all(
        targetTypes.map((targetType) => call('listTargets', { targetType, keywords: settled, limit: each, columns })),
      );
      return lists.flatMap(({ list }, index) =>
        list.map((row): Found => {
          const type = targetTypes[index] ?? 'USER';
          const aside = [t(`app.target.${type}`), row.found?.text ?? row.cells.email ?? row.note]
            .filter(Boolean)
            .join(' · ');
          return { path: holderPath(type, { ...row, identifier: row.targetIdentifier }), name: row.name, aside };
        }),
      );
    },
  });
  const pages = usePages();
  const commands = useCommands();
  const has = (...texts: string[]) => texts.some((one) => fold(one).includes(wanted));
  const ofPages = pages
    .map(({ to, name }): Found => ({ path: to, name: t(`app.pages.${name}`), aside: t('app.palette.page') }))
    .filter(({ name }) => has(name));
  const ofCommands = commands
    .filter(({ name, words = [] }) => has(name, ...words))
    .slice(0, each)
    .map(({ words: _, ...command }): Found => ({ ...command, aside: t('app.palette.command') }));
  const visited = recentVisits()
    .filter(({ name }) => has(name))
    .map((one): Found => ({ ...one, aside: `${t('app.palette.recent')} · ${one.aside}` }));
  const ofFields = fields
    .filter((field) => has(field.key, field.label, ...languages.map((one) => field.i18n.label[one].value)))
    .slice(0, each)
    .map(
      (field): Found => ({
        path: fieldPath(field.targetType, field.key),
        name: labelOf(field, language),
        aside: `${t('app.pages.fields')} · ${t(`app.targets.${field.targetType}`)} · ${field.key}`,
      }),
    );
  const all = wanted
    ? [...visited, ...ofPages, ...ofCommands, ...ofFields, ...(targets.data ?? [])]
    : [...visited, ...ofPages, ...ofFields];
  const places = all.map(({ path }) => path);
  // What was viewed lately stands first, and only there.
  return all.filter(({ path }, index) => path === undefined || places.indexOf(path) === index);
}
