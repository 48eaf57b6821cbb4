import type { Field } from '#contract/field';
import { labelOf } from '#contract/field';
import type { Language } from '#contract/target';
import type { Value } from '#contract/value';
import type { Column } from '../ui/DataTable.tsx';
import { ValueText } from '../ui/ValueText.tsx';

/** Custom fields as columns of a list whose rows carry `customData`. */
export function customColumns<R extends { customData?: Record<string, unknown> | undefined }>(
  fields: Field[] | undefined,
  language: Language,
): Column<R>[] {
  return (fields ?? []).map((field) => ({
    key: `custom.${field.key}`,
    title: (
      <span className="own-title" lang={language}>
        {labelOf(field, language)}
      </span>
    ),
    card: labelOf(field, language),
    className: 'own',
    render: (row) => <ValueText value={row.customData?.[field.key] as Value | undefined} field={field} />,
  }));
}
