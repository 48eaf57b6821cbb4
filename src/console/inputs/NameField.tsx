import { Input } from 'antd';
import type { FieldPath, FieldValues } from 'react-hook-form';
import { type Bound, BoundField } from './BoundField.tsx';

/** What something is called: one line of at most 128 signs, and the first that is written in its dialog. */
export function NameField<V extends FieldValues, N extends FieldPath<V>, O>(bound: Bound<V, N, O>) {
  return <BoundField {...bound}>{(props) => <Input {...props} autoFocus maxLength={128} />}</BoundField>;
}
