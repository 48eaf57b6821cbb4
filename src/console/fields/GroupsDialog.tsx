import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Field, groupsOf, limits } from '#contract/field';
import type { TargetType } from '#contract/target';
import { Dialog } from '../ui/Dialog.tsx';
import { Grip, Sortable, SortableRow } from '../ui/Sortable.tsx';
import { toast } from '../ui/toasts.ts';
import { usePlan } from './plan/usePlan.tsx';
import './GroupsDialog.css';

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
  const [groups, setGroups] = useState(() =>
    groupsOf(fields).flatMap(({ name, fields: own }) => (name ? [{ id: name, name, own }] : [])),
  );
  async function save() {
    const ungrouped = fields.filter(({ group }) => !group);
    const keys = [...ungrouped, ...groups.flatMap(({ own }) => own)].map(({ key }) => key);
    const changes = groups.flatMap(({ id, name, own }) =>
      name.trim() === id
        ? []
        : own.map(({ key, version }) => ({ targetType, key, create: false, version, group: name.trim() })),
    );
    try {
      await plan.run({ changes, order: { targetType, keys } }, t('fields.groups.saved'));
      onClose();
    } catch (error) {
      toast.error(error as Error);
    }
  }
  return (
    <Dialog title={t('fields.groups.open')} size="medium" onClose={onClose}>
      <p className="quiet">{t('fields.groups.help')}</p>
      <Sortable
        ids={groups.map(({ id }) => id)}
        onMove={(id, position) =>
          setGroups((now) => {
            const moved = now.find((one) => one.id === id);
            return moved ? now.filter((one) => one !== moved).toSpliced(position - 1, 0, moved) : now;
          })
        }
      >
        <ol className="groups-list" aria-label={t('fields.groups.title')}>
          {groups.map(({ id, name, own }) => (
            <SortableRow key={id} id={id} as="li">
              <Grip label={t('fields.groups.move', { name: id })} />
              <Input
                aria-label={t('fields.groups.nameOf', { name: id })}
                maxLength={limits.group}
                value={name}
                onChange={(event) =>
                  setGroups(groups.map((one) => (one.id === id ? { ...one, name: event.target.value } : one)))
                }
              />
              <span className="quiet">{own.length}</span>
            </SortableRow>
          ))}
        </ol>
      </Sortable>
      <footer>
        <Button onClick={onClose}>{t('app.cancel')}</Button>
        <Button type="primary" loading={plan.isPending} onClick={save}>
          {t('app.save')}
        </Button>
      </footer>
      {plan.dialog}
    </Dialog>
  );
}
