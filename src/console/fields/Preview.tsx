import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Field, type FieldDefinition, labelOf } from '#contract/field';
import { type Language, languages } from '#contract/target';
import type { Value } from '#contract/value';
import { languageNames, languageSigns } from '../i18n/index.ts';
import { Choice } from '../ui/Choice.tsx';
import { FormField } from '../ui/FormField.tsx';
import { useLanguage } from '../ui/language.ts';
import { ValueInput } from '../ui/ValueInput.tsx';
import { ValueText } from '../ui/ValueText.tsx';

const places = ['console', 'userCenter', 'signUp'] as const;

/** The field as its viewers meet it, while it is being written. */
export function Preview({ field }: { field: FieldDefinition }) {
  const { t } = useTranslation();
  const [place, setPlace] = useState<(typeof places)[number]>('console');
  const [language, setLanguage] = useState<Language>(useLanguage());
  const [value, setValue] = useState<Value | null>(null);
  const whole: Field = { ...field, version: 0 };
  const label = labelOf(field, language) || t('fields.preview.nameless');
  const hidden = place === 'console' ? !field.visibleInAdminConsole : !field.visibleInUserCenter;
  const editable = place === 'console' || field.userEditable;
  return (
    <section className="card preview" aria-label={t('fields.preview.title')}>
      <h2 style={{ margin: 0 }}>{t('fields.preview.title')}</h2>
      <Choice
        label={t('fields.preview.place')}
        value={place}
        onChange={setPlace}
        options={places.map((name) => ({ value: name, label: t(`fields.preview.${name}`) }))}
      />
      <Choice
        label={t('fields.preview.language')}
        value={language}
        onChange={setLanguage}
        options={languages.map((each) => ({
          value: each,
          label: languageSigns[each],
          name: languageNames[each],
          lang: each,
        }))}
      />
      <div className="preview-frame">
        {hidden ? (
          <p className="quiet">{t(`fields.preview.hidden.${place}`)}</p>
        ) : place === 'signUp' && !editable ? (
          <p className="quiet">{t('fields.preview.notAsked')}</p>
        ) : (
          <>
            <FormField label={label} lang={language} help={field.description && <span>{field.description}</span>}>
              {(control) =>
                editable ? (
                  <ValueInput
                    key={`${field.dataType} ${language}`}
                    field={whole}
                    value={value}
                    onChange={setValue}
                    language={language}
                    label={label}
                    control={control}
                    disabled={false}
                  />
                ) : (
                  <output id={control.id}>
                    {value === null ? t('values.notSet') : <ValueText value={value} field={whole} />}
                  </output>
                )
              }
            </FormField>
            {place === 'signUp' && (
              <Button type="primary" tabIndex={-1}>
                {t('fields.preview.signUpButton')}
              </Button>
            )}
          </>
        )}
      </div>
      <p className="field-help">{t(`fields.preview.shownTo.${place}`, { language: languageNames[language] })}</p>
    </section>
  );
}
