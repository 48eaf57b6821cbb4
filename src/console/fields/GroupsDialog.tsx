import { Input } from 'antd';
import { Controller, useFieldArray, useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { type Field, fieldPatch, groupsOf, limits } from '#contract/field';
import type { TargetType } from '#contract/target';
import { DialogForm } from '../inputs/DialogForm.tsx';
import { judgedBy } from '../inputs/form.ts';
import { Grip, Sortable, SortableRow } from '../ui/Sortable.tsx';
import { usePlan } from './plan/usePlan.tsx';
import './GroupsDialog.css';

/** A section: its old name and its new one. */
const named = z.object({ was: z.string(), name: z.string().trim().pipe(fieldPatch.shape.group.unwrap().unwrap()) });
const judge = judgedBy(z.object({ groups: z.array(named) }));

/** The order and names of the sections. Their fields move and change with them. */
export function GroupsDialog({
  targetType,
  fields,
  onClose,
}: {
  targetType: TargetType;
  fields: Field[];
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const plan = usePlan();
  const ownOf = (group: string) => fields.filter((field) => field.group === group);
  const form = useForm({
    resolver: judge,
    defaultValues: { groups: groupsOf(fields).flatMap(({ name }) => (name ? [{ was: name, name }] : [])) },
  });
  const groups = useFieldArray({ control: form.control, name: 'groups' });
  async function save(sent: { groups: z.output<typeof named>[] }) {
    const keys = ['', ...sent.groups.map(({ was }) => was)].flatMap(ownOf).map(({ key }) => key);
    const changes = sent.groups
      .filter(({ was, name }) => name !== was)
      .flatMap(({ was, name }) =>
        ownOf(was).map(({ key, version }) => ({ targetType, key, create: false, version, group: name })),
      );
    await plan.run({ changes, order: { targetType, keys } }, t('fields.groups.saved'));
    onClose();
  }
  return (
    <>
      <DialogForm
        title={t('fields.groups.open')}
        size="medium"
        form={form}
        submitLabel={t('app.save')}
        onSubmit={save}
        onClose={onClose}
      >
        <p className="quiet">{t('fields.groups.help')}</p>
        <Sortable
          ids={groups.fields.map(({ id }) => id)}
          onMove={(id, position) =>
            groups.move(
              groups.fields.findIndex((one) => one.id === id),
              position - 1,
            )
          }
        >
          <ol className="groups-list" aria-label={t('fields.groups.title')}>
            {groups.fields.map(({ id, was }, index) => (
              <SortableRow key={id} id={id} as="li">
                <Grip label={t('fields.groups.move', { name: was })} />
                <Controller
                  control={form.control}
                  name={`groups.${index}.name`}
                  render={({ field, fieldState }) => (
                    <Input
                      {...field}
                      aria-label={t('fields.groups.nameOf', { name: was })}
                      aria-invalid={fieldState.invalid}
                      maxLength={limits.group}
                    />
                  )}
                />
                <span className="quiet">{ownOf(was).length}</span>
              </SortableRow>
            ))}
          </ol>
        </Sortable>
      </DialogForm>
      {plan.dialog}
    </>
  );
}
