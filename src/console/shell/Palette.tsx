import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { labelOf } from '#contract/field';
import { targetTypes } from '#contract/target';
import { fold } from '#contract/wire/fold';
import { languages } from '#contract/wire/language';
import { call } from '../api.ts';
import { definitionQueries } from '../definitions.ts';
import { fieldPath, holderPath } from '../paths.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { useLanguage } from '../ui/language.ts';
import { useSettled } from '../ui/useSettled.ts';
import { usePages } from './pages.ts';
import './Palette.css';

interface Found {
  path: string;
  name: string;
  /** Distinguishes it from others. */
  aside: string;
}

const each = 6;

/** Opens a page, a field or a target by a few letters of its name. */
export function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const id = useId();
  const wanted = useDeferredValue(fold(text.trim()));
  const found = useFound(wanted);
  const chosen = Math.min(at, found.length - 1);
  const go = (to: Found | undefined) => {
    if (!to) return;
    onClose();
    navigate(to.path);
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
            key={one.path}
            type="button"
            role="option"
            id={`${id}-${index}`}
            aria-selected={index === chosen}
            tabIndex={-1}
            onClick={() => go(one)}
          >
            <span>{one.name}</span> <small className="quiet">{one.aside}</small>
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
          const aside = [t(`app.target.${type}`), row.cells.email ?? row.note].filter(Boolean).join(' · ');
          return { path: holderPath(type, { ...row, identifier: row.targetIdentifier }), name: row.name, aside };
        }),
      );
    },
  });
  const pages = usePages();
  const ofPages = pages
    .map(({ to, name }): Found => ({ path: to, name: t(`app.pages.${name}`), aside: t('app.palette.page') }))
    .filter(({ name }) => fold(name).includes(wanted));
  const ofFields = fields
    .filter((field) =>
      [field.key, field.label, ...languages.map((one) => field.i18n.label[one].value)].some((one) =>
        fold(one).includes(wanted),
      ),
    )
    .slice(0, each)
    .map(
      (field): Found => ({
        path: fieldPath(field.targetType, field.key),
        name: labelOf(field, language),
        aside: `${t('app.pages.fields')} · ${t(`app.targets.${field.targetType}`)} · ${field.key}`,
      }),
    );
  return wanted ? [...ofPages, ...ofFields, ...(targets.data ?? [])] : [...ofPages, ...ofFields];
}
