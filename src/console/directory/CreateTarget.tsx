import { useMutation } from '@tanstack/react-query';
import { Button, Input, Select } from 'antd';
import { Plus } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { call } from '../api.ts';
import { FormField } from '../inputs/FormField.tsx';
import { placeIssues } from '../inputs/placeIssues.ts';
import type { Kind } from '../kinds.ts';
import { holderPath } from '../paths.ts';
import { useSession } from '../session.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { toast } from '../ui/toasts.ts';
import './CreateTarget.css';

type Answers = Record<string, string>;

/** What is asked when something is created, and where the new one is. */
interface Creation {
  asks: { name: string; isRequired?: boolean; isCode?: boolean; from?: 'namespaces' }[];
  /** Creates it and returns the path of its page. */
  create: (answers: Answers, place: URLSearchParams) => Promise<string>;
}

const creations = {
  user: {
    asks: [
      { name: 'name', isRequired: true },
      { name: 'username', isCode: true },
      { name: 'email' },
      { name: 'phone' },
    ],
    create: async (answers) => holderPath('USER', { identifier: (await call('createUser', given(answers))).userId }),
  },
  role: {
    asks: [
      { name: 'name', isRequired: true },
      { name: 'code', isRequired: true, isCode: true },
      { name: 'namespace', from: 'namespaces' },
      { name: 'description' },
    ],
    async create({ code = '', ...answers }) {
      const { namespace } = await call('createRole', { code, ...given(answers) });
      return holderPath('ROLE', { identifier: code, namespace });
    },
  },
  namespace: {
    asks: [
      { name: 'name', isRequired: true },
      { name: 'code', isRequired: true, isCode: true },
      { name: 'description' },
    ],
    async create({ code = '', ...answers }) {
      await call('createNamespace', { code, ...given(answers) });
      return `/roles?namespace=${encodeURIComponent(code)}`;
    },
  },
  group: {
    asks: [
      { name: 'name', isRequired: true },
      { name: 'code', isRequired: true, isCode: true },
      { name: 'description' },
    ],
    async create({ code = '', ...answers }) {
      await call('createGroup', { code, ...given(answers) });
      return holderPath('GROUP', { identifier: code });
    },
  },
  organization: {
    asks: [
      { name: 'name', isRequired: true },
      { name: 'code', isRequired: true, isCode: true },
      { name: 'description' },
    ],
    async create({ code = '', name = '', ...answers }) {
      await call('createOrganization', { organizationCode: code, organizationName: name, ...given(answers) });
      return `/departments?organization=${encodeURIComponent(code)}`;
    },
  },
  department: {
    asks: [{ name: 'name', isRequired: true }, { name: 'code', isCode: true }, { name: 'description' }],
    async create({ name = '', ...answers }, place) {
      const { departmentId } = await call('createDepartment', {
        organizationCode: place.get('organization') ?? '',
        ...(place.get('below') && { parentDepartmentId: place.get('below') }),
        name,
        ...given(answers),
      });
      return holderPath('DEPARTMENT', { identifier: departmentId });
    },
  },
} satisfies Record<Kind['creates'] | 'namespace' | 'organization', Creation>;
export type CreateKind = keyof typeof creations;

/** The answers that aren't empty. */
const given = (answers: Answers): Answers =>
  Object.fromEntries(Object.entries(answers).filter(([, text]) => text.trim() !== ''));

/** The buttons that create, and the dialog that the URL opens (`?create=user`). */
export function CreateTarget({
  offered,
  organization,
  namespaces = [],
}: {
  offered: CreateKind[];
  /** The organization of a new department. */
  organization?: string | undefined;
  namespaces?: { code: string; name: string }[];
}) {
  const { t } = useTranslation();
  const { can } = useSession();
  const [params, setParams] = useSearchParams();
  const kind = (Object.keys(creations) as CreateKind[]).find((known) => known === params.get('create'));
  if (!can('directory')) return null;
  const open = (next: CreateKind | undefined) =>
    setParams((now) => {
      if (next) now.set('create', next);
      if (next && organization) now.set('organization', organization);
      if (next) return now;
      for (const name of ['create', 'below']) now.delete(name);
      return now;
    });
  return (
    <div className="page-actions">
      {offered.map((one, index) => (
        <Button
          key={one}
          type={index ? 'default' : 'primary'}
          icon={<Plus className="icon" aria-hidden />}
          onClick={() => open(one)}
        >
          {t(`directory.create.${one}`)}
        </Button>
      ))}
      {kind && <CreateDialog key={kind} kind={kind} namespaces={namespaces} onClose={() => open(undefined)} />}
    </div>
  );
}

function CreateDialog({
  kind,
  namespaces,
  onClose,
}: {
  kind: CreateKind;
  namespaces: { code: string; name: string }[];
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const [answers, setAnswers] = useState<Answers>({ namespace: params.get('namespace') ?? '' });
  const [errors, setErrors] = useState<Partial<Answers>>({});
  const { asks, create: make }: Creation = creations[kind];
  const create = useMutation({
    mutationKey: ['directory'],
    meta: { handled: true },
    mutationFn: () => make(answers, params),
  });
  async function submit(event: FormEvent) {
    event.preventDefault();
    const missing = asks.filter(({ name, isRequired }) => isRequired && !answers[name]?.trim());
    setErrors(Object.fromEntries(missing.map(({ name }) => [name, 'required'])));
    if (missing.length) return;
    await create.mutateAsync().then(
      (path) => {
        toast.say(t('directory.created', { name: answers.name }));
        navigate(path);
      },
      (error: Error) =>
        setErrors(placeIssues(error, (path) => asks.find(({ name }) => controlOf(String(path.at(-1))) === name)?.name)),
    );
  }
  return (
    <Dialog title={t(`directory.create.${kind}`)} onClose={onClose}>
      <form className="stack create-form" noValidate onSubmit={submit}>
        {asks.map(({ name, isCode, from }, index) => (
          <FormField key={name} label={t(`directory.ask.${name}` as 'directory.ask.name')} error={errors[name]}>
            {(props) =>
              from ? (
                <Select
                  {...props}
                  value={answers[name] || 'default'}
                  options={namespaces.map((one) => ({ value: one.code, label: one.name }))}
                  onChange={(next: string) => setAnswers({ ...answers, [name]: next })}
                />
              ) : (
                <Input
                  {...props}
                  {...(isCode && { className: 'mono', spellCheck: false, autoCapitalize: 'off' })}
                  autoFocus={index === 0}
                  value={answers[name] ?? ''}
                  onChange={(event) => setAnswers({ ...answers, [name]: event.target.value })}
                />
              )
            }
          </FormField>
        ))}
        <footer>
          <Button onClick={onClose}>{t('app.cancel')}</Button>
          <Button type="primary" htmlType="submit" loading={create.isPending}>
            {t('directory.createIt')}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}

/** The API has longer words for the name and code of an organization. */
const controlOf = (property: string): string =>
  ({ organizationCode: 'code', organizationName: 'name' })[property] ?? property;
