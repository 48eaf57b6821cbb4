import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { type Fate, type FieldPlan, fates, type SentPlan } from '#contract/plan';
import { Choice } from '../../inputs/Choice.tsx';

/** A fate that is still to be chosen has none. */
export type Draft = Omit<Fate, 'fate'> & { fate: Fate['fate'] | null };

export const isDecided = ({ fate, to }: Draft): boolean => fate !== null && (fate !== 'move' || to !== undefined);

/** A field among those of a plan. */
export const nameOf = ({ targetType, key }: { targetType: string; key: string }): string => `${targetType} ${key}`;

/** The choice for each option that goes: kept as retired, its holders moved, or cleared. */
export function Fates({
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
  const goals = goalsOf(request, field, options);
  const decide = (next: Draft) => onDecide(decided.map((fate) => (fate.value === next.value ? next : fate)));
  return (
    <>
      <p>{t('fields.plan.gone', { count: options.length })}</p>
      {options.length > 2 && (
        <div className="fate">
          <span>{t('fields.plan.all')}</span>
          <Choice
            label={t('fields.plan.all')}
            value={undefined}
            options={(['retire', 'clear'] as const).map((fate) => ({
              value: fate,
              label: t(`fields.plan.fate.${fate}`),
            }))}
            onChange={(fate) => onDecide(decided.map(({ value }) => ({ value, fate })))}
          />
        </div>
      )}
      <ul className="plan-fates">
        {options.slice(0, 200).map(({ value, label, holders }) => {
          const fate = decided.find((one) => one.value === value) ?? { value, fate: null };
          const said = t('fields.plan.fateOf', { label });
          return (
            <li key={value} className="fate">
              <span>
                <b>{label}</b>{' '}
                <small className="quiet">
                  {holders === null ? t('fields.plan.maybeHeld') : t('fields.options.heldBy', { count: holders })}
                </small>
              </span>
              <Choice
                label={said}
                value={fate.fate ?? undefined}
                options={fates
                  .filter((one) => one !== 'move' || goals.length)
                  .map((one) => ({ value: one, label: t(`fields.plan.fate.${one}`) }))}
                onChange={(next) => decide({ ...fate, fate: next })}
              />
              {fate.fate === 'move' && (
                <Select
                  aria-label={t('fields.plan.moveTo', { label })}
                  placeholder={t('fields.plan.chooseGoal')}
                  showSearch={{ optionFilterProp: 'label' }}
                  options={goals}
                  value={fate.to ?? null}
                  onChange={(to: string | null) => decide({ value, fate: 'move', ...(to && { to }) })}
                />
              )}
            </li>
          );
        })}
      </ul>
    </>
  );
}

/** The options that stay, to one of which holders can move. */
function goalsOf(request: SentPlan, field: FieldPlan, going: FieldPlan['options']): { value: string; label: string }[] {
  const change = request.changes?.find(
    ({ key, targetType }) => nameOf({ targetType: String(targetType), key }) === nameOf(field),
  );
  const gone = new Set(going.map(({ value }) => value));
  return ((change?.options ?? []) as { value: string; label: string }[])
    .filter(({ value }) => !gone.has(value))
    .map(({ value, label }) => ({ value, label }));
}
