import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Field } from '#contract/field';
import { normalised, type Value } from '#contract/value';
import { useLanguage } from '../ui/language.ts';
import { sayValue } from '../ui/ValueText.tsx';
import type { Clash } from './form.ts';

/** A shortened value. The control has the whole one. */
export const short = (text: string) => (text.length > 40 ? `${text.slice(0, 39)}…` : text);

/** The old value and the other person's value. The control has the typed one. */
export function ClashNote({
  field,
  clash,
  onSettle,
}: {
  field: Field;
  clash: Clash;
  onSettle: (clash: Clash, side: 'mine' | 'theirs') => void;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const say = (value: Value | null) =>
    value === null ? t('values.notSet') : short(sayValue(value, field, language, t));
  return (
    <div className="note caution clash" role="alert">
      <p>{t('values.conflict.text', { base: say(clash.base), theirs: say(clash.theirs) })}</p>
      <Button size="small" onClick={() => onSettle(clash, 'theirs')}>
        {t('values.conflict.theirs')}
      </Button>{' '}
      <Button size="small" onClick={() => onSettle(clash, 'mine')}>
        {t('values.conflict.mine')}
      </Button>
    </div>
  );
}

/** Shows a stored value that doesn't fit its type. It is never hidden or changed. */
export function Misfit({
  field,
  stored,
  onNormalise,
}: {
  field: Field;
  stored: Value;
  onNormalise: ((value: Value) => void) | undefined;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const isDay = 'precision' in field && field.precision === 'day';
  const isRetired = 'retiredOptions' in field && field.retiredOptions.some(({ value }) => value === stored);
  const meant = isRetired ? undefined : normalised(field, stored);
  return (
    <div className="note caution misfit">
      <p>
        {isRetired
          ? t('values.retired', { value: sayValue(stored, field, language, t) })
          : t('values.misfit', {
              value: short(JSON.stringify(stored)),
              type: isDay ? t('fields.precision.day') : t(`fields.dataType.${field.dataType}`),
            })}
      </p>
      {meant !== undefined && onNormalise && (
        <Button size="small" onClick={() => onNormalise(meant)}>
          {t('values.normalise', { value: short(sayValue(meant, field, language, t)) })}
        </Button>
      )}
    </div>
  );
}
