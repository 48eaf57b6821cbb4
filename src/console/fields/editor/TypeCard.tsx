import { Lock } from 'lucide-react';
import { useFormContext, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { type DataType, dataTypes, type FieldDefinition } from '#contract/field';
import { DataTypeIcon, DataTypeLabel } from '../dataTypes.tsx';
import { withDataType } from './changes.ts';
import './TypeCard.css';

/** The choice of type of a new field. It says in advance that the type can't change once the field exists. */
export function TypeCard({ disabled }: { disabled: boolean }) {
  const { t } = useTranslation();
  const { reset, getValues, control } = useFormContext<FieldDefinition>();
  const current = useWatch({ control, name: 'dataType' });
  const choose = (next: DataType) =>
    reset(withDataType(getValues(), next), { keepDefaultValues: true, keepDirtyValues: false });
  return (
    <section className="card">
      <h2 id="type-title">{t('fields.type')}</h2>
      <div className="types" role="radiogroup" aria-labelledby="type-title">
        {dataTypes.map((dataType) => (
          <label key={dataType} className="type">
            <input
              type="radio"
              name="dataType"
              checked={dataType === current}
              disabled={disabled}
              onChange={() => choose(dataType)}
            />
            <DataTypeIcon dataType={dataType} />
            <b>{t(`fields.dataType.${dataType}`)}</b>
            <small>{t(`fields.example.${dataType}`)}</small>
          </label>
        ))}
      </div>
      <p className="type-line">
        <Lock className="icon" aria-hidden />
        {t('fields.lockedLater')}
      </p>
    </section>
  );
}

/** The type of an existing field, which can't change. */
export function TypeLine({ dataType }: { dataType: DataType }) {
  const { t } = useTranslation();
  return (
    <p className="type-line">
      <span className="hidden-text">{t('fields.type')}</span>
      <DataTypeLabel dataType={dataType} />
      <span>
        <Lock className="icon" aria-hidden />
        {t('fields.lockedNow')}
      </span>
    </p>
  );
}
