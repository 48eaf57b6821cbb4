import { useMutation } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { Ellipsis, Pencil, Trash2 } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { FormField } from '../inputs/FormField.tsx';
import { fromStart } from '../lists/list.ts';
import { useSession } from '../session.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { Menu } from '../ui/Menu.tsx';
import { toast } from '../ui/toasts.ts';
import { createNamespace, deleteNamespace, updateNamespace } from './queries.ts';

interface Namespace {
  code: string;
  name: string;
  description: string;
}

/** Actions on a permission space: rename it, or delete it if it is empty. */
export function NamespaceActions({ namespace }: { namespace: Namespace }) {
  const { t } = useTranslation();
  const { can } = useSession();
  const [, setParams] = useSearchParams();
  const [isEditing, setEditing] = useState(false);
  const remove = useMutation(deleteNamespace());
  const create = useMutation(createNamespace());
  if (!can('directory')) return null;
  const { code, name, description } = namespace;
  const leave = () =>
    setParams((now) => {
      now.delete('namespace');
      return fromStart(now);
    });
  const run = () =>
    void remove.mutateAsync({ code }).then(
      () => {
        leave();
        const undo = () => void create.mutateAsync({ code, name, description }).catch(() => undefined);
        toast.say(t('directory.namespaceDeleted', { name }), { label: t('app.undo'), run: undo });
      },
      // The mutation cache shows the error.
      () => undefined,
    );
  return (
    <>
      <Menu label={t('app.actionsOf', { label: name })} face={<Ellipsis className="icon" aria-hidden />}>
        <button type="button" role="menuitem" onClick={() => setEditing(true)}>
          <Pencil className="icon" aria-hidden />
          {t('app.edit')}
        </button>
        <button type="button" role="menuitem" className="danger" onClick={run}>
          <Trash2 className="icon" aria-hidden />
          {t('directory.delete')}
        </button>
      </Menu>
      {isEditing && <EditDialog namespace={namespace} onClose={() => setEditing(false)} />}
    </>
  );
}

function EditDialog({ namespace, onClose }: { namespace: Namespace; onClose: () => void }) {
  const { t } = useTranslation();
  const update = useMutation(updateNamespace());
  const [name, setName] = useState(namespace.name);
  const [description, setDescription] = useState(namespace.description);
  const [error, setError] = useState<string>();
  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!name.trim()) return setError('required');
    await update.mutateAsync({ code: namespace.code, name: name.trim(), description }).then(
      () => {
        toast.say(t('values.saved', { name: name.trim() }));
        onClose();
      },
      () => undefined,
    );
  }
  return (
    <Dialog title={`${t('app.edit')}: ${namespace.code}`} onClose={onClose}>
      <form className="stack create-form" noValidate onSubmit={submit}>
        <FormField label={t('directory.ask.name')} error={error}>
          {(control) => <Input {...control} autoFocus value={name} onChange={(event) => setName(event.target.value)} />}
        </FormField>
        <FormField label={t('directory.ask.description')}>
          {(control) => (
            <Input {...control} value={description} onChange={(event) => setDescription(event.target.value)} />
          )}
        </FormField>
        <footer>
          <Button onClick={onClose}>{t('app.cancel')}</Button>
          <Button type="primary" htmlType="submit" loading={update.isPending}>
            {t('app.save')}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
