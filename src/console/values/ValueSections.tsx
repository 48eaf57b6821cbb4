import { Eye } from 'lucide-react';
import { startTransition, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Field, groupsOf, labelOf } from '#contract/field';
import { isEditable } from '#contract/target';
import { textOf } from '#contract/translation';
import { fold } from '#contract/wire/fold';
import { SearchInput } from '../inputs/SearchBox.tsx';
import type { Reference } from '../kinds.ts';
import { useSession } from '../session.ts';
import { useLanguage } from '../ui/language.ts';
import type { FormValues, Part } from './form.ts';
import { focusField, type Goal } from './problems.ts';
import type { TargetData } from './targets.ts';
import { type Clash, LaterField, ValueField } from './ValueField.tsx';
import './ValueSections.css';

/** A form with more fields has a search. */
const long = 24;
/** About one screen. The others follow in steps of this size while the browser is idle. */
const drawnAtOnce = 40;

/** The fields of a target in their sections, with a search if there are many. */
export function ValueSections({
  reference,
  data,
  before,
  clashes,
  touched,
  goal,
  onReplace,
  onSettle,
  onSubmit,
}: {
  reference: Reference;
  data: TargetData;
  before: FormValues;
  clashes: Clash[];
  /** The paths of changed fields. These are always rendered. */
  touched: ReadonlySet<string>;
  /** The field that gets the focus, also if the search or a fold hides it. */
  goal: Goal | undefined;
  onReplace: (key: string) => void;
  onSettle: (clash: Clash, side: 'mine' | 'theirs') => void;
  onSubmit: () => void;
}) {
  const { t } = useTranslation();
  const { can } = useSession();
  const language = useLanguage();
  const [search, setSearch] = useState('');
  const [unfolded, setUnfolded] = useState(false);
  const [reached, setReached] = useState<Goal>();
  useEffect(() => {
    if (!goal || goal === reached) return;
    if (focusField(goal.path)) return setReached(goal);
    setSearch('');
    setUnfolded(true);
  });
  const visible = data.custom.filter((field) => field.visibleInAdminConsole);
  const hidden = data.custom.filter((field) => !field.visibleInAdminConsole);
  const profile = data.builtin.filter((field) => field.visibleInAdminConsole);
  const shownHidden = can('define') ? hidden : [];
  const grid = { reference, before, clashes, touched, onReplace, onSettle, wanted: fold(search.trim()) };
  return (
    <>
      {visible.length + profile.length > long && (
        <search className="filters">
          <SearchInput className="search" label={t('values.search')} value={search} onType={setSearch} />
        </search>
      )}
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        <section className="card">
          <h2>{t('values.builtin')}</h2>
          <ValueGrid {...grid} part="builtin" fields={profile} />
        </section>
        {groupsOf(visible).map(({ name, texts, fields }) => (
          <section key={name} className="card">
            <h2 {...(name && { lang: language })}>{name ? textOf(name, texts, language) : t('values.custom')}</h2>
            <ValueGrid {...grid} part="custom" fields={fields} />
          </section>
        ))}
        {(visible.length === 0 || shownHidden.length > 0) && (
          <section className="card">
            {visible.length === 0 && (
              <>
                <h2>{t('values.custom')}</h2>
                <p className="quiet">{t('values.noFields')}</p>
              </>
            )}
            {shownHidden.length > 0 && (
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
                {unfolded && <ValueGrid {...grid} part="custom" fields={hidden} />}
              </div>
            )}
          </section>
        )}
      </form>
    </>
  );
}

/** The fields of one section that match the search. Those far down follow while the browser is idle. */
function ValueGrid({
  reference,
  part,
  fields,
  wanted,
  before,
  clashes,
  touched,
  onReplace,
  onSettle,
}: {
  reference: Reference;
  part: Part;
  fields: Field[];
  /** The folded search text. */
  wanted: string;
  before: FormValues;
  clashes: Clash[];
  touched: ReadonlySet<string>;
  onReplace: (key: string) => void;
  onSettle: (clash: Clash, side: 'mine' | 'theirs') => void;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const lockOf = useLocks(reference);
  const [drawn, setDrawn] = useState(drawnAtOnce);
  useEffect(() => {
    if (drawn >= fields.length) return;
    const timer = setTimeout(() => startTransition(() => setDrawn(drawn + drawnAtOnce)), 60);
    return () => clearTimeout(timer);
  }, [drawn, fields.length]);
  const found = fields.filter(
    (field) => !wanted || [field.key, labelOf(field, language)].some((text) => fold(text).includes(wanted)),
  );
  if (fields.length && !found.length) return <p className="quiet">{t('app.nothing.title')}</p>;
  return (
    <div className="value-grid">
      {found.map((field, index) => {
        const path = `${part}.${field.key}`;
        const clash = clashes.find((one) => one.path === path);
        if (index >= drawn && !clash && !touched.has(path)) return <LaterField key={field.key} field={field} />;
        return (
          <ValueField
            key={field.key}
            part={part}
            field={field}
            before={before}
            locked={lockOf(part, field)}
            clash={clash}
            reference={reference}
            onReplace={onReplace}
            onSettle={onSettle}
          />
        );
      })}
    </div>
  );
}

/** Returns why a field is locked, if it is. */
function useLocks({ targetType }: Reference) {
  const { t } = useTranslation();
  const { can, accessTo, session } = useSession();
  return (part: Part, field: Field): string | undefined => {
    if (session?.isViewingAs) return t('staff.viewAs.readOnly');
    if (part === 'custom' && accessTo(field) === 'read') return t('values.noEdit');
    if (part === 'custom') return can('write') ? undefined : t('values.noWrite');
    if (!isEditable(targetType, field.key)) return t('values.systemField');
    return can('directory') ? undefined : t('values.noDirectory');
  };
}
