import { Button } from 'antd';
import { Trash2 } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { DataType, Field, groupsOf } from '#contract/field';
import { Choice } from '../../inputs/Choice.tsx';
import { patiently } from '../../reach.ts';
import { useSession } from '../../session.ts';
import { NameCard } from './NameCard.tsx';
import { TypeCard } from './TypeCard.tsx';
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

/** The cards that a form of this kind has. */
export function FieldCards({
  kind,
  stored: given,
  others,
  groups,
  dataType,
  round,
  onDelete,
}: {
  kind: FormKind;
  stored: Field;
  others: Field[];
  groups: ReturnType<typeof groupsOf>;
  dataType: DataType;
  round: number;
  onDelete: () => void;
}) {
  const { t } = useTranslation();
  const disabled = !useSession().can('define');
  const isNew = kind === 'new' || kind === 'copy';
  const stored = isNew ? undefined : given;
  const isBuiltin = kind === 'builtin';
  return (
    <>
      <TypeCard locked={!isNew} disabled={disabled} />
      <NameCard isNew={isNew} followsName={kind === 'new'} others={others} groups={isBuiltin ? undefined : groups} />
      {!isBuiltin && <VariantSettings key={round} dataType={dataType} stored={stored} />}
      <Visibility disabled={disabled} />
      {!isBuiltin && (
        <Suspense fallback={null}>
          <Protection stored={stored} disabled={disabled} />
        </Suspense>
      )}
      {kind === 'stored' && !disabled && (
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

function VariantSettings({ dataType, stored }: { dataType: DataType; stored: Field | undefined }) {
  const { Settings } = variants[dataType];
  return Settings ? <Settings key={dataType} stored={stored} /> : null;
}
