import { useMutation } from '@tanstack/react-query';
import { Button, Input, Select } from 'antd';
import { Plus } from 'lucide-react';
import { type Resolver, useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { z } from 'zod';
import { endpoints } from '#contract/endpoints';
import { call } from '../api.ts';
import { BoundField } from '../inputs/BoundField.tsx';
import { DialogForm } from '../inputs/DialogForm.tsx';
import { judgedBy } from '../inputs/form.ts';
import { useSession } from '../session.ts';
import { toast } from '../ui/toasts.ts';

/** By their names on the wire. */
type Answers = Record<string, string>;

interface Ask {
  name: string;
  /** What it is called where the wire has a longer word. */
  label?: 'name' | 'code';
  isRequired?: boolean;
  isCode?: boolean;
  from?: 'namespaces';
}

/** What is asked when something is created, and where the new one is. */
interface Kind {
  input: { shape: Record<string, z.ZodType> };
  /** Its name is the first. */
  asks: Ask[];
  /** Creates it, and gives the path of its page. */
  create: (answers: Answers, place: URLSearchParams) => Promise<string>;
}

const nameAndCode: Ask[] = [
  { name: 'name', isRequired: true },
  { name: 'code', isRequired: true, isCode: true },
];

const kinds = {
  user: {
    input: endpoints.createUser.input,
    asks: [
      { name: 'name', isRequired: true },
      { name: 'username', isCode: true },
      { name: 'email' },
      { name: 'phone' },
    ],
    create: async (answers) => `/users/${(await call('createUser', answers)).userId}`,
  },
  role: {
    input: endpoints.createRole.input,
    asks: [...nameAndCode, { name: 'namespace', from: 'namespaces' }, { name: 'description' }],
    async create({ code = '', ...answers }) {
      const { namespace } = await call('createRole', { code, ...answers });
      return `/roles/${encodeURIComponent(namespace)}/${encodeURIComponent(code)}`;
    },
  },
  namespace: {
    input: endpoints.createNamespace.input,
    asks: [...nameAndCode, { name: 'description' }],
    async create({ code = '', ...answers }) {
      await call('createNamespace', { code, ...answers });
      return `/roles?namespace=${encodeURIComponent(code)}`;
    },
  },
  group: {
    input: endpoints.createGroup.input,
    asks: [...nameAndCode, { name: 'description' }],
    async create({ code = '', ...answers }) {
      await call('createGroup', { code, ...answers });
      return `/groups/${encodeURIComponent(code)}`;
    },
  },
  organization: {
    input: endpoints.createOrganization.input,
    asks: [
      { name: 'organizationName', label: 'name', isRequired: true },
      { name: 'organizationCode', label: 'code', isRequired: true, isCode: true },
      { name: 'description' },
    ],
    async create({ organizationCode = '', organizationName = '', ...answers }) {
      await call('createOrganization', { organizationCode, organizationName, ...answers });
      return `/departments?organization=${encodeURIComponent(organizationCode)}`;
    },
  },
  department: {
    input: endpoints.createDepartment.input,
    asks: [{ name: 'name', isRequired: true }, { name: 'code', isCode: true }, { name: 'description' }],
    async create({ name = '', ...answers }, place) {
      const { departmentId } = await call('createDepartment', {
        organizationCode: place.get('organization') ?? '',
        ...(place.get('below') && { parentDepartmentId: place.get('below') }),
        name,
        ...answers,
      });
      return `/departments/${departmentId}`;
    },
  },
} satisfies Record<string, Kind>;
export type CreateKind = keyof typeof kinds;

/** Judges what was filled in: what was left empty isn't sent. */
function judgeOf({ input, asks }: Kind): Resolver<Answers, unknown, Answers> {
  const asked = asks.map(({ name, isRequired }) => {
    const schema = input.shape[name] ?? z.string();
    return [name, isRequired ? z.nonoptional(schema) : schema] as const;
  });
  // Whatever is asked is a text.
  const judge = judgedBy(z.object(Object.fromEntries(asked)) as unknown as z.ZodType<Answers, Answers>);
  return (answers, ...rest) =>
    judge(Object.fromEntries(Object.entries(answers).filter(([, text]) => text.trim() !== '')), ...rest);
}

/** The buttons that create, and the dialog that the URL opens (`?create=user`). */
export function CreateTarget({
  offered,
  organization,
  namespaces = [],
}: {
  offered: CreateKind[];
  /** Where a department is to stand. */
  organization?: string | undefined;
  namespaces?: { code: string; name: string }[];
}) {
  const { t } = useTranslation();
  const { can } = useSession();
  const [params, setParams] = useSearchParams();
  const kind = (Object.keys(kinds) as CreateKind[]).find((known) => known === params.get('create'));
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
  const { asks, create: make }: Kind = kinds[kind];
  const create = useMutation({
    mutationKey: ['directory'],
    meta: { handled: true },
    mutationFn: (answers: Answers) => make(answers, params),
  });
  const form = useForm({
    resolver: judgeOf(kinds[kind]),
    defaultValues: Object.fromEntries(
      asks.map(({ name, from }) => [name, from ? (params.get('namespace') ?? '') : '']),
    ),
  });
  async function send(answers: Answers) {
    const path = await create.mutateAsync(answers);
    toast.say(t('directory.created', { name: answers[asks[0]?.name ?? ''] }));
    navigate(path);
  }
  return (
    <DialogForm
      title={t(`directory.create.${kind}`)}
      form={form}
      submitLabel={t('directory.createIt')}
      isPending={create.isPending}
      onSubmit={send}
      onClose={onClose}
    >
      {asks.map(({ name, label = name, isCode, from }, index) => (
        <BoundField
          key={name}
          control={form.control}
          name={name}
          label={t(`directory.ask.${label}` as 'directory.ask.name')}
        >
          {({ value, ...props }) =>
            from ? (
              <Select
                {...props}
                value={value || 'default'}
                options={namespaces.map((one) => ({ value: one.code, label: one.name }))}
              />
            ) : (
              <Input
                {...props}
                {...(isCode && { className: 'mono', spellCheck: false, autoCapitalize: 'off' })}
                autoFocus={index === 0}
                value={value}
              />
            )
          }
        </BoundField>
      ))}
    </DialogForm>
  );
}
