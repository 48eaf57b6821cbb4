import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { FieldDefinition } from '#contract/field';
import { columnPath } from '../../paths.ts';
import { useSession } from '../../session.ts';
import { toast } from '../../ui/toasts.ts';

/** Says that a field was created, and leads whoever may fill it to the targets, with a column of it. */
export function useSayCreated() {
  const { t } = useTranslation();
  const { can } = useSession();
  const navigate = useNavigate();
  return (said: string, { targetType, key, visibleInAdminConsole }: FieldDefinition) => {
    const fill = { label: t(`fields.fill.${targetType}`), run: () => void navigate(columnPath(targetType, key)) };
    toast.say(said, visibleInAdminConsole && can('write') ? fill : undefined);
  };
}
