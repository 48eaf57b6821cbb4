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
import type { Kind } from '../kinds.ts';
import { holderPath } from '../paths.ts';
import { useSession } from '../session.ts';
import { toast } from '../ui/toasts.ts';

/** The answers by the property of the input. */
type Answers = Record<string, string>;

interface Ask {
  name: string;
  /** A shorter word for a long name in the API. */
  label?: 'name' | 'code';
  isRequired?: boolean;
  isCode?: boolean;
  from?: 'namespaces';
}

/** What is asked when something is created, and where the new one is. */
interface Creation {
  input: { shape: Record<string, z.ZodType> };
  /** The first one is the name. */
  asks: Ask[];
  /** Creates it and returns the path of its page. */
  create: (answers: Answers, place: URLSearchParams) => Promise<string>;
}

const nameAndCode: Ask[] = [
  { name: 'name', isRequired: true },
  { name: 'code', isRequired: true, isCode: true },
];

const creations = {
  user: {
    input: endpoints.createUser.input,
    asks: [
      { name: 'name', isRequired: true },
      { name: 'username', isCode: true },
      { name: 'email' },
      { name: 'phone' },
    ],
    create: async (answers) => holderPath('USER', { identifier: (await call('createUser', answers)).userId }),
  },
  role: {
    input: endpoints.createRole.input,
    asks: [...nameAndCode, { name: 'namespace', from: 'namespaces' }, { name: 'description' }],
    async create({ code = '', ...answers }) {
      const { namespace } = await call('createRole', { code, ...answers });
      return holderPath('ROLE', { identifier: code, namespace });
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
      return holderPath('GROUP', { identifier: code });
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
      return holderPath('DEPARTMENT', { identifier: departmentId });
    },
  },
} satisfies Record<Kind['creates'] | 'namespace' | 'organization', Creation>;
export type CreateKind = keyof typeof creations;

/** Validates the answers that aren't empty. Only these are sent. */
function judgeOf({ input, asks }: Creation): Resolver<Answers, unknown, Answers> {
  const asked = asks.map(({ name, isRequired }) => {
    const schema = input.shape[name] ?? z.string();
    return [name, isRequired ? z.nonoptional(schema) : schema] as const;
  });
  // Every answer is a text.
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
  const { asks, create: make }: Creation = creations[kind];
  const create = useMutation({
    mutationKey: ['directory'],
    meta: { handled: true },
    mutationFn: (answers: Answers) => make(answers, params),
  });
  const form = useForm({
    resolver: judgeOf(creations[kind]),
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
