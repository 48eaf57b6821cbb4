import { Input, Switch } from 'antd';
import { Fragment, useId, useState } from 'react';
import { Controller, useFormContext, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { type FieldDefinition, labelOf, type TextPart, textParts } from '#contract/field';
import { stateOf } from '#contract/translation';
import { type Language, languages } from '#contract/wire/language';
import { languageName } from '../../i18n/index.ts';
import { IssueText } from '../../inputs/FormField.tsx';
import { useLanguage } from '../../ui/language.ts';
import { typed } from './texts.ts';
import './LabelTranslations.css';

/** A tab per language with a switch and the text. A turned-off text stays. Each tab shows what viewers see now. */
export function LabelTranslations() {
  const { t } = useTranslation();
  const { control, formState, getFieldState } = useFormContext<FieldDefinition>();
  const [open, setOpen] = useState<Language>(useLanguage());
  const texts = useWatch({ control, name: 'i18n.label' });
  const id = useId();
  const failed = (language: Language) =>
    textParts.some((part) => getFieldState(`i18n.${part}.${language}.value`, formState).invalid);
  const move = (by: number) => {
    const next = languages[(languages.indexOf(open) + by + languages.length) % languages.length] ?? open;
    setOpen(next);
    document.getElementById(`${id}-${next}`)?.focus();
  };
  return (
    <>
      <div
        className="language-tabs"
        role="tablist"
        aria-label={t('fields.languages')}
        onKeyDown={(event) => {
          if (event.key === 'ArrowRight') move(1);
          if (event.key === 'ArrowLeft') move(-1);
        }}
      >
        {languages.map((language) => {
          const { enabled, value } = texts[language];
          const state = !value ? 'missing' : enabled ? 'enabled' : 'draft';
          return (
            <button
              key={language}
              id={`${id}-${language}`}
              type="button"
              role="tab"
              aria-selected={language === open}
              aria-controls={`${id}-panel`}
              tabIndex={language === open ? 0 : -1}
              onClick={() => setOpen(language)}
            >
              <span className={`dot ${state}`} aria-hidden />
              <span>{languageName(language)}</span>
              <span className="hidden-text">{t(`fields.languageState.${state}`)}</span>
              {failed(language) && (
                <span className="field-error" aria-hidden>
                  !
                </span>
              )}
            </button>
          );
        })}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${open}`} style={{ marginBottom: 16 }}>
        <LanguagePanel key={open} language={open} />
      </div>
    </>
  );
}

function LanguagePanel({ language }: { language: Language }) {
  const { t } = useTranslation();
  const { control } = useFormContext<FieldDefinition>();
  const [label, description, group, texts] = useWatch({ control, name: ['label', 'description', 'group', 'i18n'] });
  const name = languageName(language);
  const seen = labelOf({ label, i18n: texts }, language);
  const isDefault = seen === label && !(texts.label[language].enabled && texts.label[language].value);
  const isOutdated = stateOf(label, texts.label[language]) === 'outdated';
  return (
    <div className="language-panel">
      <Controller
        control={control}
        name={`i18n.label.${language}.enabled`}
        render={({ field }) => (
          <Switch
            ref={field.ref}
            checked={field.value}
            onChange={field.onChange}
            aria-label={t('fields.languageOn', { language: name })}
          />
        )}
      />
      <TextInput name={`i18n.label.${language}`} language={language} label={t('fields.nameIn', { language: name })} />
      <p className="field-help">
        {t('fields.viewersSee', { language: name })} <b lang={language}>{seen || '—'}</b>{' '}
        {isDefault && t('fields.defaultSeen')}
        {isOutdated && (
          <span className="caution-text"> {t('fields.outdated', { source: texts.label[language].source })}</span>
        )}
      </p>
      {(['description', 'group'] as const).map((part) => {
        const text = part === 'group' ? group : description;
        if (!text && !texts[part][language].value) return null;
        return (
          <Fragment key={part}>
            <p className="field-help">{t(`fields.${part}In`, { language: name })}</p>
            <Controller
              control={control}
              name={`i18n.${part}.${language}.enabled`}
              render={({ field }) => (
                <Switch
                  ref={field.ref}
                  checked={field.value}
                  onChange={field.onChange}
                  aria-label={t(`fields.${part}On`, { language: name })}
                />
              )}
            />
            <TextInput
              name={`i18n.${part}.${language}`}
              language={language}
              label={t(`fields.${part}In`, { language: name })}
              placeholder={text}
            />
          </Fragment>
        );
      })}
    </div>
  );
}

/** The text in a language. Typing one turns it on. */
function TextInput({
  name,
  language,
  label,
  placeholder,
}: {
  name: `i18n.${TextPart}.${Language}`;
  language: Language;
  label: string;
  placeholder?: string;
}) {
  const { control, setValue } = useFormContext<FieldDefinition>();
  return (
    <Controller
      control={control}
      name={`${name}.value`}
      render={({ field, fieldState }) => (
        <div>
          <Input
            {...field}
            onChange={(event) => {
              const unit = typed(event.target.value);
              setValue(`${name}.enabled`, unit.enabled, { shouldDirty: true });
              field.onChange(unit.value);
            }}
            {...(placeholder !== undefined && { placeholder })}
            lang={language}
            aria-label={label}
            aria-invalid={fieldState.invalid}
          />
          {fieldState.error?.message && (
            <p className="field-error" role="alert">
              <IssueText message={fieldState.error.message} />
            </p>
          )}
        </div>
      )}
    />
  );
}
