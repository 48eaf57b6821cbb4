import { useTranslation } from 'react-i18next';
import type { Field } from '#contract/field';
import { isEditable } from '#contract/target';
import type { Reference } from '../kinds.ts';
import { useSession } from '../session.ts';
import type { Part } from './form.ts';

/** Whether a field can be edited: `why` it can't, if it can't by the viewer's role, and whether nothing can now. */
export interface Lock {
  why: string | undefined;
  isPaused: boolean;
}

/** Returns whether a field can be edited. Who views as a role sees what it could edit, and edits nothing. */
export function useLocks({ targetType }: Pick<Reference, 'targetType'>) {
  const { t } = useTranslation();
  const { can, accessTo, session } = useSession();
  const reasonOf = (part: Part, field: Field): string | undefined => {
    if (part === 'custom' && accessTo(field) === 'read') return t('values.noEdit');
    if (part === 'custom') return can('write') ? undefined : t('values.noWrite');
    if (!can('directory')) return t('values.noDirectory');
    return isEditable(targetType, field.key) ? undefined : t('values.systemField');
  };
  const isPaused = session?.isViewingAs ?? false;
  return (part: Part, field: Field): Lock => ({ why: reasonOf(part, field), isPaused });
}
