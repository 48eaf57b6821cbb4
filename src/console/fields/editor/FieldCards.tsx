import { Button } from 'antd';
import { Trash2 } from 'lucide-react';
import { type ComponentType, lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type DataType, type Field, groupsOf } from '#contract/field';
import { Choice } from '../../inputs/Choice.tsx';
import type { FieldTab } from '../../paths.ts';
import { patiently } from '../../reach.ts';
import { useSession } from '../../session.ts';
import { NameCard } from './NameCard.tsx';
import { TypeCard, TypeLine } from './TypeCard.tsx';
import { Visibility } from './Visibility.tsx';
import { variants } from './variants.tsx';
import './FieldCards.css';

const Protection = lazy(() => patiently(() => import('./Protection.tsx')).then((m) => ({ default: m.Protection })));

/** The origin of a form: a stored field, a built-in one, a new one, or a copy. */
export type FormKind = 'stored' | 'builtin' | 'new' | 'copy';

export type View = 'form' | 'preview';

/** On a narrow screen: shows the form or the preview. */
export function ViewSwitch({ view, onChange }: { view: View; onChange: (view: View) => void }) {
  const { t } = useTranslation();
  return (
    <div className="editor-switch" style={{ marginBottom: 12 }}>
      <Choice
        label={t('fields.view')}
        value={view}
        onChange={onChange}
        options={[
          { value: 'form', label: t('fields.form') },
          { value: 'preview', label: t('fields.preview.title') },
        ]}
      />
    </div>
  );
}

export interface CardsProps {
  kind: FormKind;
  stored: Field;
  others: Field[];
  dataType: DataType;
  /** Grows when the form starts over. */
  round: number;
  onDelete: () => void;
}

/** The cards of a field: those of a tab; or of all tabs on one page, the type first, while it is new. */
export function FieldCards({
  tabs,
  current,
  ...props
}: CardsProps & { tabs: FieldTab[]; current: FieldTab | undefined }) {
  const disabled = !useSession().can('define');
  const [opened, setOpened] = useState<FieldTab[]>([]);
  if (!current) {
    return (
      <div className="stack">
        <TypeCard disabled={disabled} />
        {tabs.map((tab) => {
          const Cards = cards[tab];
          return <Cards key={tab} {...props} />;
        })}
      </div>
    );
  }
  // An opened tab stays, with all that somebody typed, searched and unfolded in it.
  if (!opened.includes(current)) setOpened([...opened, current]);
  return tabs.map((tab) => {
    const Cards = cards[tab];
    return tab === current || opened.includes(tab) ? (
      <div key={tab} className="tab-panel stack" data-tab={tab} hidden={tab !== current}>
        <Cards {...props} />
      </div>
    ) : null;
  });
}

const cards: Record<FieldTab, ComponentType<CardsProps>> = {
  name: NameCards,
  options: Settings,
  visibility: () => <Visibility disabled={!useSession().can('define')} />,
  rules: Settings,
  protection: ProtectionCards,
};

const isNew = (kind: FormKind) => kind === 'new' || kind === 'copy';

function NameCards({ kind, others, dataType, onDelete }: CardsProps) {
  const { t } = useTranslation();
  const { can } = useSession();
  const groups = groupsOf(others).filter(({ name }) => name);
  return (
    <>
      {!isNew(kind) && <TypeLine dataType={dataType} />}
      <NameCard
        isNew={isNew(kind)}
        followsName={kind === 'new'}
        others={others}
        groups={kind === 'builtin' ? undefined : groups}
      />
      {kind === 'stored' && can('define') && (
        <section className="card">
          <h2>{t('fields.remove.title')}</h2>
          <p className="quiet" style={{ marginBottom: 12 }}>
            {t('fields.remove.text')}
          </p>
          <Button danger icon={<Trash2 className="icon" aria-hidden />} onClick={onDelete}>
            {t('fields.delete')}
          </Button>
        </section>
      )}
    </>
  );
}

function Settings({ kind, stored, dataType, round }: CardsProps) {
  const { Settings: Own } = variants[dataType];
  return Own ? <Own key={`${dataType} ${round}`} stored={isNew(kind) ? undefined : stored} /> : null;
}

function ProtectionCards({ kind, stored }: CardsProps) {
  const disabled = !useSession().can('define');
  return (
    <Suspense fallback={<span className="skeleton" style={{ height: 240 }} />}>
      <Protection stored={isNew(kind) ? undefined : stored} disabled={disabled} />
    </Suspense>
  );
}
