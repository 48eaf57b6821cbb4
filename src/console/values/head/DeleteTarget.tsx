import { useMutation } from '@tanstack/react-query';
import { Ellipsis, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { type Entity, kinds, type Reference } from '../../kinds.ts';
import { queryClient } from '../../query.ts';
import { forgetVisit } from '../../recent.ts';
import { asLeft } from '../../returning.ts';
import { useSession } from '../../session.ts';
import { Menu } from '../../ui/Menu.tsx';
import { toast } from '../../ui/toasts.ts';
import { restoreTarget, targetPath, valueQueries } from '../targets.ts';

/** Actions on a whole target: move it to the trash, with an undo. */
export function DeleteTarget({ reference, entity }: { reference: Reference; entity: Entity }) {
  const { t } = useTranslation();
  const { can } = useSession();
  const navigate = useNavigate();
  const kind = kinds[reference.targetType];
  const mutationKey = ['directory', 'values', 'fields'];
  const restore = useMutation({ mutationKey, mutationFn: () => restoreTarget(reference) });
  const remove = useMutation({
    mutationKey: ['directory', 'fields'],
    mutationFn: () => kind.remove(reference, entity),
  });
  if (!can('directory')) return null;
  const name = kind.name(entity);
  const run = () =>
    void remove.mutateAsync().then(
      () => {
        forgetVisit(targetPath(reference));
        navigate(asLeft(kind.page));
        // Whoever goes back sees that it is gone.
        queryClient.removeQueries({ queryKey: valueQueries.target(reference).queryKey });
        // The mutation cache shows an error.
        const undo = () => void restore.mutateAsync().catch(() => undefined);
        toast.say(t('directory.deleted', { name }), { label: t('app.undo'), run: undo });
      },
      () => undefined,
    );
  return (
    <Menu label={t('app.actionsOf', { label: name })} face={<Ellipsis className="icon" aria-hidden />}>
      <button type="button" role="menuitem" className="danger" onClick={run}>
        <Trash2 className="icon" aria-hidden />
        {t('directory.delete')}
      </button>
    </Menu>
  );
}
