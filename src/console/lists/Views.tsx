import { useMutation, useQuery } from '@tanstack/react-query';
import { Bookmark } from 'lucide-react';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { endpoints, type Input } from '#contract/endpoints';
import { viewQueryOf } from '#contract/list';
import type { TargetType } from '#contract/target';
import { DialogForm } from '../inputs/DialogForm.tsx';
import { judgedBy } from '../inputs/form.ts';
import { NameField } from '../inputs/NameField.tsx';
import { Menu } from '../ui/Menu.tsx';
import { toast } from '../ui/toasts.ts';
import { deleteView, listQueries, saveView } from './queries.ts';

/** Saved views: open one, save this list, change or delete one's own. */
export function Views({ targetType }: { targetType: TargetType }) {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const views = useQuery(listQueries.views(targetType));
  const save = useMutation(saveView());
  const remove = useMutation(deleteView());
  const [naming, setNaming] = useState<'new' | 'rename'>();
  const open = views.data?.find(({ id }) => id === params.get('view'));
  const query = viewQueryOf(params);
  const isChanged = open !== undefined && open.query !== query;
  const put = (view: { id?: string; name: string; shared: boolean }, kept = query) =>
    save.mutateAsync({ targetType, query: kept, ...view }).then((saved) => {
      toast.say(t('lists.views.saved', { name: saved.name }));
      setParams((now) => {
        now.set('view', saved.id);
        return now;
      });
    });
  return (
    <>
      <Menu
        label={t('lists.views.title')}
        face={
          <>
            <Bookmark className="icon" aria-hidden />
            {open ? `${open.name}${isChanged ? ' *' : ''}` : t('lists.views.title')}
          </>
        }
      >
        {views.data?.map((view) => (
          <Link
            key={view.id}
            role="menuitem"
            aria-current={view === open ? 'page' : undefined}
            to={{ search: `?${view.query}${view.query ? '&' : ''}view=${view.id}` }}
          >
            {view.name}
            {view.shared && !view.isMine && <small className="quiet">{t('lists.views.others')}</small>}
          </Link>
        ))}
        {views.data?.length === 0 && <p className="menu-note">{t('lists.views.none')}</p>}
        <hr />
        {open?.isMine && isChanged && (
          <button
            type="button"
            role="menuitem"
            onClick={() => put({ id: open.id, name: open.name, shared: open.shared }).catch(toast.error)}
          >
            {t('lists.views.update', { name: open.name })}
          </button>
        )}
        <button type="button" role="menuitem" onClick={() => setNaming('new')}>
          {t('lists.views.save')}
        </button>
        {open?.isMine && (
          <>
            <button type="button" role="menuitem" onClick={() => setNaming('rename')}>
              {t('lists.views.rename', { name: open.name })}
            </button>
            <button
              type="button"
              role="menuitem"
              className="danger"
              onClick={() =>
                remove.mutateAsync(open.id).then(() => {
                  toast.say(t('lists.views.deleted', { name: open.name }));
                  setParams((now) => {
                    now.delete('view');
                    return now;
                  });
                })
              }
            >
              {t('lists.views.delete', { name: open.name })}
            </button>
          </>
        )}
      </Menu>
      {naming && (
        <NameDialog
          given={naming === 'rename' ? open : undefined}
          onClose={() => setNaming(undefined)}
          onName={async (named) => {
            if (naming === 'rename' && open) await put({ id: open.id, ...named }, open.query);
            else await put(named);
            setNaming(undefined);
          }}
        />
      )}
    </>
  );
}

const { input } = endpoints.saveView;
type Named = Pick<Input<'saveView'>, 'name' | 'shared'>;

function NameDialog({
  given,
  onClose,
  onName,
}: {
  given: Named | undefined;
  onClose: () => void;
  onName: (named: Named) => Promise<void>;
}) {
  const { t } = useTranslation();
  const form = useForm({
    resolver: judgedBy(input.pick({ name: true, shared: true })),
    defaultValues: { name: given?.name ?? '', shared: given?.shared ?? false },
  });
  return (
    <DialogForm
      title={given ? t('lists.views.rename', { name: given.name }) : t('lists.views.save')}
      form={form}
      submitLabel={t('app.save')}
      onSubmit={onName}
      onClose={onClose}
    >
      <NameField control={form.control} name="name" label={t('lists.views.name')} />
      <label className="check">
        <input type="checkbox" {...form.register('shared')} />
        {t('lists.views.shared')}
      </label>
    </DialogForm>
  );
}
