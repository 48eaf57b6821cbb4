import { Calendar, Hash, List, ToggleLeft, Type } from 'lucide-react';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import type { DataType } from '#contract/field';
import './dataTypes.css';

const icons: Record<DataType, ComponentType<{ className?: string }>> = {
  STRING: Type,
  NUMBER: Hash,
  DATETIME: Calendar,
  BOOLEAN: ToggleLeft,
  ENUM: List,
};

export function DataTypeIcon({ dataType }: { dataType: DataType }) {
  const Icon = icons[dataType];
  return <Icon className="icon" aria-hidden />;
}

export function DataTypeLabel({ dataType }: { dataType: DataType }) {
  const { t } = useTranslation();
  return (
    <span className="data-type">
      <DataTypeIcon dataType={dataType} />
      {t(`fields.dataType.${dataType}`)}
    </span>
  );
}
