import { Button } from 'antd';
import { useState } from 'react';
import { useFormContext, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { type Field, type FieldDefinition, type FieldOption, labelOf } from '#contract/field';
import { useSession } from '../../session.ts';
import { useLanguage } from '../../ui/language.ts';
import { toast } from '../../ui/toasts.ts';
import { usePlan } from '../plan/usePlan.tsx';
import { UsedBy } from '../UsedBy.tsx';
import './RetiredOptions.css';

type Choice = Extract<Field, { dataType: 'ENUM' }>;

/** Inactive options that are still in use: reactivate one, or decide what happens to its values. */
export function RetiredOptions({
  stored,
  counts,
  onRevive,
}: {
  stored: Choice;
  counts: Map<unknown, number> | undefined;
  onRevive: (option: FieldOption) => void;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { can } = useSession();
  const { control, formState } = useFormContext<FieldDefinition>();
  const options = useWatch({ control, name: 'options' }) ?? [];
  const plan = usePlan();
  const [settled, setSettled] = useState<string[]>([]);
  const back = new Set(options.map(({ value }) => value));
  const retired = stored.retiredOptions.filter(({ value }) => !back.has(value) && !settled.includes(value));
  if (!retired.length) return plan.dialog;
  const settle = (option: FieldOption) =>
    plan
      .run(
        {
          changes: [
            {
              targetType: stored.targetType,
              key: stored.key,
              options: stored.options,
              dispositions: [{ value: option.value, disposition: 'clear' }],
            },
          ],
        },
        t('fields.options.settled', { label: labelOf(option, language) }),
      )
      .then((done) => done && setSettled([...settled, option.value]), toast.error);
  return (
    <section className="card retired">
      <h2>{t('fields.options.retired')}</h2>
      <ul>
        {retired.slice(0, 200).map((option) => (
          <li key={option.value}>
            <span>
              {labelOf(option, language)} <span className="mono">{option.value}</span>{' '}
              {counts && (
                <small className="quiet">
                  <UsedBy field={stored} value={option.value} count={counts.get(option.value) ?? 0} />
                </small>
              )}
            </span>
            {can('define') && (
              <span>
                <Button size="small" onClick={() => onRevive(option)}>
                  {t('fields.options.revive')}
                </Button>{' '}
                {/* A separate change must not lose typed text. */}
                <Button size="small" disabled={formState.isDirty} onClick={() => settle(option)}>
                  {t('fields.options.settle')}
                </Button>
              </span>
            )}
          </li>
        ))}
      </ul>
      {plan.dialog}
    </section>
  );
}
