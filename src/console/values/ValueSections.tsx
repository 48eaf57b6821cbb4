import { Eye } from 'lucide-react';
import { type ReactNode, startTransition, useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Field, groupsOf, labelOf } from '#contract/field';
import { textOf } from '#contract/translation';
import { fold } from '#contract/wire/fold';
import { SearchInput } from '../inputs/SearchBox.tsx';
import { useSession } from '../session.ts';
import { useLanguage } from '../ui/language.ts';
import type { Clash, Part } from './form.ts';
import { Outline } from './Outline.tsx';
import { focusField, type Goal } from './problems.ts';
import type { TargetData } from './targets.ts';
import { type Lock, useLocks } from './useLocks.ts';
import { type FieldsProps, LaterField, ValueField } from './ValueField.tsx';
import './ValueSections.css';

/** A form with more fields has a search, and one with more than that also an outline. */
const long = 24;
const veryLong = 30;
/** About one screen. The others follow in steps of this size while the browser is idle. */
const drawnAtOnce = 40;

/** The fields of a target in their sections: first the custom ones. Many have a search and an outline. */
export function ValueSections({
  data,
  touched,
  goal,
  clashes,
  onSubmit,
  ...fields
}: FieldsProps & {
  data: TargetData;
  clashes: Clash[];
  /** The paths of changed fields. These are always rendered. */
  touched: ReadonlySet<string>;
  /** The field that gets the focus, also if the search or a fold hides it. */
  goal: Goal | undefined;
  onSubmit: () => void;
}) {
  const { t } = useTranslation();
  const { can } = useSession();
  const language = useLanguage();
  const id = useId();
  const lockOf = useLocks(fields.reference);
  const [search, setSearch] = useState('');
  const [unfolded, setUnfolded] = useState(false);
  const [reached, setReached] = useState<Goal>();
  useEffect(() => {
    if (!goal || goal === reached) return;
    if (focusField(goal)) return setReached(goal);
    setSearch('');
    setUnfolded(true);
  });
  const visible = data.custom.filter((field) => field.visibleInAdminConsole);
  const hidden = data.custom.filter((field) => !field.visibleInAdminConsole);
  const profile = data.builtin.filter((field) => field.visibleInAdminConsole);
  const shownHidden = can('define') ? hidden : [];
  // What one is led to is drawn at once.
  const drawn = goal ? new Set([...touched, goal.path]) : touched;
  const grid = { ...fields, lockOf, clashes, touched: drawn, wanted: fold(search.trim()) };
  const sections = [
    ...groupsOf(visible).map(({ name, texts, fields }, at) => ({
      id: `${id}-${at}`,
      part: 'custom' as const,
      title: name ? textOf(name, texts, language) : t('values.custom'),
      lang: name ? language : undefined,
      fields,
    })),
    { id: `${id}-profile`, part: 'builtin' as const, title: t('values.builtin'), lang: undefined, fields: profile },
  ];
  const [own, builtin] = [sections.slice(0, -1), sections.slice(-1)];
  const count = visible.length + profile.length;
  const asSection = ({ id, part, title, lang, fields }: (typeof sections)[number]) => {
    const why = sharedReason(fields, (field) => lockOf(part, field));
    return (
      <Section key={id} id={id} title={title} lang={lang} why={why}>
        <ValueGrid {...grid} part={part} fields={fields} isWhySaid={why !== undefined} />
      </Section>
    );
  };
  return (
    <div className={count > veryLong ? 'value-page outlined' : 'value-page'}>
      {count > long && (
        <aside className="value-aside">
          <search>
            <SearchInput className="search" label={t('values.search')} value={search} onType={setSearch} />
          </search>
          {count > veryLong && (
            <Outline
              entries={sections.map(({ id, part, title, lang, fields }) => ({
                id,
                title,
                lang,
                changed: fields.filter(({ key }) => touched.has(`${part}.${key}`)).length,
              }))}
            />
          )}
        </aside>
      )}
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        {own.map(asSection)}
        {visible.length === 0 && (
          <section className="card">
            <h2>{t('values.custom')}</h2>
            <p className="quiet">{t('values.noFields')}</p>
          </section>
        )}
        {shownHidden.length > 0 && (
          <section className="hidden-fields">
            <button
              type="button"
              className="icon-button"
              aria-expanded={unfolded}
              onClick={() => setUnfolded(!unfolded)}
            >
              <Eye className="icon" aria-hidden />
              {unfolded ? t('values.foldHidden') : t('values.unfoldHidden', { count: hidden.length })}
            </button>
            {unfolded && (
              <div className="card">
                <ValueGrid {...grid} part="custom" fields={hidden} isWhySaid={false} />
              </div>
            )}
          </section>
        )}
        {builtin.map(asSection)}
      </form>
    </div>
  );
}

function Section({
  id,
  title,
  lang,
  why,
  children,
}: {
  id: string;
  title: string;
  lang: string | undefined;
  /** Why none of its fields can be edited. */
  why: string | undefined;
  children: ReactNode;
}) {
  return (
    <section id={id} className="card value-section">
      <header>
        <h2 tabIndex={-1} lang={lang}>
          {title}
        </h2>
        {why && <p className="quiet">{why}</p>}
      </header>
      {children}
    </section>
  );
}

/** Why none of these can be edited, if it is the same for all. */
function sharedReason([first, ...others]: Field[], lockOf: (field: Field) => Lock): string | undefined {
  const why = first && lockOf(first).why;
  return why !== undefined && others.every((field) => lockOf(field).why === why) ? why : undefined;
}

/** The fields of one section that match the search. Those far down follow while the browser is idle. */
function ValueGrid({
  part,
  fields,
  wanted,
  lockOf,
  clashes,
  touched,
  isWhySaid,
  ...common
}: FieldsProps & {
  part: Part;
  fields: Field[];
  /** The folded search text. */
  wanted: string;
  lockOf: (part: Part, field: Field) => Lock;
  clashes: Clash[];
  touched: ReadonlySet<string>;
  /** The section says why none can be edited. */
  isWhySaid: boolean;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
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
    <div className={isWhySaid ? 'value-grid as-text' : 'value-grid'}>
      {found.map((field, index) => {
        const path = `${part}.${field.key}`;
        const clash = clashes.find((one) => one.path === path);
        if (index >= drawn && !clash && !touched.has(path)) return <LaterField key={field.key} field={field} />;
        return (
          <ValueField
            key={field.key}
            {...common}
            {...lockOf(part, field)}
            part={part}
            field={field}
            isWhySaid={isWhySaid}
            clash={clash}
          />
        );
      })}
    </div>
  );
}
