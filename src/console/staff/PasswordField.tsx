import { Input } from 'antd';
import type { FieldPath, FieldValues } from 'react-hook-form';
import { type Bound, BoundField } from '../inputs/BoundField.tsx';

/** A password that is typed: the present one, or a new one that the browser may suggest. */
export function PasswordField<V extends FieldValues, N extends FieldPath<V>, O>({
  isNew = false,
  ...bound
}: Bound<V, N, O> & { isNew?: boolean }) {
  return (
    <BoundField {...bound}>
      {(props) => <Input {...props} type="password" autoComplete={isNew ? 'new-password' : 'current-password'} />}
    </BoundField>
  );
}
