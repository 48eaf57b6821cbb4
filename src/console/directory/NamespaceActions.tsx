import { useMutation } from '@tanstack/react-query';
import { Input } from 'antd';
import { Ellipsis, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { z } from 'zod';
import { endpoints } from '#contract/endpoints';
import { BoundField } from '../inputs/BoundField.tsx';
import { DialogForm } from '../inputs/DialogForm.tsx';
import { judgedBy } from '../inputs/form.ts';
import { useSession } from '../session.ts';
import { fromStart } from '../sort.ts';
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

const { name, description } = endpoints.updateNamespace.input.shape;
const judge = judgedBy(
  z.object({ name: z.string().trim().pipe(name.unwrap().unwrap()), description: description.unwrap().unwrap() }),
);

function EditDialog({ namespace, onClose }: { namespace: Namespace; onClose: () => void }) {
  const { t } = useTranslation();
  const update = useMutation(updateNamespace());
  const form = useForm({
    resolver: judge,
    defaultValues: { name: namespace.name, description: namespace.description },
  });
  return (
    <DialogForm
      title={t('app.named', { what: t('app.edit'), name: namespace.code })}
      form={form}
      submitLabel={t('app.save')}
      onSubmit={async (sent) => {
        await update.mutateAsync({ code: namespace.code, ...sent });
        toast.say(t('values.saved', { name: sent.name }));
        onClose();
      }}
      onClose={onClose}
    >
      <BoundField control={form.control} name="name" label={t('directory.ask.name')}>
        {(props) => <Input {...props} autoFocus />}
      </BoundField>
      <BoundField control={form.control} name="description" label={t('directory.ask.description')}>
        {(props) => <Input {...props} />}
      </BoundField>
    </DialogForm>
  );
}
