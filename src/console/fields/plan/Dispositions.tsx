import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { FieldOption } from '#contract/field';
import { type Disposition, dispositions, type FieldPlan, type SentPlan } from '#contract/plan';
import { Choice } from '../../inputs/Choice.tsx';
import { searchChoices } from '../../inputs/choices.tsx';
import { UsedBy } from '../UsedBy.tsx';
import { useLabels } from './labels.ts';
import './Dispositions.css';

/** A disposition that isn't decided yet is null. */
export type Draft = Omit<Disposition, 'disposition'> & { disposition: Disposition['disposition'] | null };

export const isDecided = ({ disposition, to }: Draft): boolean =>
  disposition !== null && (disposition !== 'move' || to !== undefined);

/** Identifies a field of a plan. */
export const nameOf = ({ targetType, key }: { targetType: string; key: string }): string => `${targetType} ${key}`;

/** The decision for each removed option: keep it inactive, or move or clear its values. */
export function Dispositions({
  field,
  options,
  request,
  decided,
  onDecide,
}: {
  field: FieldPlan;
  options: FieldPlan['options'];
  request: SentPlan;
  decided: Draft[];
  onDecide: (next: Draft[]) => void;
}) {
  const { t } = useTranslation();
  const labels = useLabels();
  const goals = goalsOf(request, field, options).map((option) => ({
    value: option.value,
    label: labels.option(field, option),
  }));
  const decide = (next: Draft) =>
    onDecide(decided.map((disposition) => (disposition.value === next.value ? next : disposition)));
  return (
    <>
      <p>{t('fields.plan.gone', { count: options.length })}</p>
      {options.length > 2 && (
        <div className="disposition">
          <span>{t('fields.plan.all')}</span>
          <Choice
            label={t('fields.plan.all')}
            value={undefined}
            options={(['retire', 'clear'] as const).map((disposition) => ({
              value: disposition,
              label: t(`fields.plan.disposition.${disposition}`),
            }))}
            onChange={(disposition) => onDecide(decided.map(({ value }) => ({ value, disposition })))}
          />
        </div>
      )}
      <ul className="plan-dispositions">
        {options.slice(0, 200).map(({ holders, ...option }) => {
          const { value } = option;
          const label = labels.option(field, { value, label: option.label });
          const disposition = decided.find((one) => one.value === value) ?? { value, disposition: null };
          const said = t('fields.plan.dispositionOf', { label });
          return (
            <li key={value} className="disposition">
              <span>
                <b>{label}</b>{' '}
                <small className="quiet">
                  {holders === null ? (
                    t('fields.plan.maybeHeld')
                  ) : (
                    <UsedBy field={field} value={value} count={holders} />
                  )}
                </small>
              </span>
              <Choice
                label={said}
                value={disposition.disposition ?? undefined}
                options={dispositions
                  .filter((one) => one !== 'move' || goals.length)
                  .map((one) => ({ value: one, label: t(`fields.plan.disposition.${one}`) }))}
                onChange={(next) => decide({ ...disposition, disposition: next })}
              />
              {disposition.disposition === 'move' && (
                <Select
                  aria-label={t('fields.plan.moveTo', { label })}
                  placeholder={t('fields.plan.chooseGoal')}
                  showSearch={searchChoices}
                  options={goals}
                  value={disposition.to ?? null}
                  onChange={(to: string | null) => decide({ value, disposition: 'move', ...(to && { to }) })}
                />
              )}
            </li>
          );
        })}
      </ul>
    </>
  );
}

/** The remaining options, as goals of a move. */
function goalsOf(request: SentPlan, field: FieldPlan, going: FieldPlan['options']): FieldOption[] {
  const change = request.changes?.find(
    ({ key, targetType }) => nameOf({ targetType: String(targetType), key }) === nameOf(field),
  );
  const gone = new Set(going.map(({ value }) => value));
  return ((change?.options ?? []) as FieldOption[]).filter(({ value }) => !gone.has(value));
}
