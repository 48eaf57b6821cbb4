import { type FieldErrors, useFormContext } from 'react-hook-form';
import type { FieldDefinition } from '#contract/field';

export interface RowErrors {
  label?: string | undefined;
  value?: string | undefined;
}

/** The errors of the options: of the list, and of rows by index. */
export function useOptionErrors(): { list: string | undefined; rows: Map<number, RowErrors> } {
  const { formState } = useFormContext<FieldDefinition>();
  // The form's type is a union. Only a single select has options.
  const error = (formState.errors as FieldErrors<Extract<FieldDefinition, { dataType: 'ENUM' }>>).options;
  const rows = new Map<number, RowErrors>();
  if (Array.isArray(error)) {
    for (const [index, row] of error.entries()) {
      if (row) rows.set(index, { label: row.label?.message, value: row.value?.message });
    }
  }
  return { list: error?.root?.message ?? (rows.size ? undefined : error?.message), rows };
}
