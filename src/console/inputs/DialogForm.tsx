import type { ComponentProps } from 'react';
import type { FieldValues } from 'react-hook-form';
import { Dialog } from '../ui/Dialog.tsx';
import { PanelForm, type PanelFormProps } from './PanelForm.tsx';

/** A dialog that asks for something and sends it. */
export function DialogForm<V extends FieldValues, O>({
  title,
  size = 'small',
  ...panel
}: PanelFormProps<V, O> & { title: string; size?: ComponentProps<typeof Dialog>['size'] }) {
  return (
    <Dialog title={title} size={size} onClose={panel.onClose}>
      <PanelForm {...panel} />
    </Dialog>
  );
}
