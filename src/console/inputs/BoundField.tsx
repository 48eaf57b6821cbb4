import type { ReactNode } from 'react';
import {
  type Control,
  type ControllerRenderProps,
  type FieldPath,
  type FieldValues,
  useController,
} from 'react-hook-form';
import { type ControlProps, FormField } from './FormField.tsx';

export interface Bound<V extends FieldValues, N extends FieldPath<V>, O> {
  control: Control<V, unknown, O>;
  name: N;
  label: string;
  help?: ReactNode;
}

/** A control of a form with its label, and what is wrong with it; spread what it is given onto the control. */
export function BoundField<V extends FieldValues, N extends FieldPath<V>, O>({
  control,
  name,
  label,
  help,
  children,
}: Bound<V, N, O> & { children: (props: ControlProps & ControllerRenderProps<V, N>) => ReactNode }) {
  const { field, fieldState } = useController({ control, name });
  return (
    <FormField label={label} help={help} error={fieldState.error?.message}>
      {(props) => children({ ...field, ...props })}
    </FormField>
  );
}
