import { useMutation, useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { Bookmark } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import type { TargetType } from '#contract/target';
import { NameField } from '../inputs/NameField.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Menu } from '../ui/Menu.tsx';
import { toast } from '../ui/toasts.ts';
import { viewQueryOf } from './list.ts';
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
            onClick={() => put({ id: open.id, name: open.name, shared: open.shared })}
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
          onName={async (name, shared) => {
            if (naming === 'rename' && open) await put({ id: open.id, name, shared }, open.query);
            else await put({ name, shared });
            setNaming(undefined);
          }}
        />
      )}
    </>
  );
}

function NameDialog({
  given,
  onClose,
  onName,
}: {
  given: { name: string; shared: boolean } | undefined;
  onClose: () => void;
  onName: (name: string, shared: boolean) => Promise<void>;
}) {
  const { t } = useTranslation();
  const [name, setName] = useState(given?.name ?? '');
  const [shared, setShared] = useState(given?.shared ?? false);
  const [error, setError] = useState<string>();
  const [isSaving, setSaving] = useState(false);
  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!name.trim()) return setError('required');
    setSaving(true);
    await onName(name.trim(), shared).catch(() => setSaving(false));
  }
  return (
    <Dialog title={given ? t('lists.views.rename', { name: given.name }) : t('lists.views.save')} onClose={onClose}>
      <form className="stack" noValidate onSubmit={submit}>
        <NameField label={t('lists.views.name')} error={error} value={name} onChange={setName} />
        <label className="check">
          <input type="checkbox" checked={shared} onChange={(event) => setShared(event.target.checked)} />
          {t('lists.views.shared')}
        </label>
        <footer>
          <Button onClick={onClose}>{t('app.cancel')}</Button>
          <Button type="primary" htmlType="submit" loading={isSaving}>
            {t('app.save')}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
