import { Button } from 'antd';
import { Columns4 } from 'lucide-react';
import { Fragment, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Field, type FieldDefinition, groupsOf, labelOf } from '#contract/field';
import { textOf } from '#contract/translation';
import type { Value } from '#contract/value';
import { type Language, languages } from '#contract/wire/language';
import { languageName } from '../i18n/index.ts';
import { Choice } from '../inputs/Choice.tsx';
import { FormField } from '../inputs/FormField.tsx';
import { ValueInput } from '../inputs/ValueInput.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { useLanguage } from '../ui/language.ts';
import { ValueText } from '../ui/ValueText.tsx';
import { InLanguage } from './InLanguage.tsx';
import { LanguageChoice } from './translations/LanguageChoice.tsx';
import './Preview.css';

const places = ['console', 'userCenter', 'signUp'] as const;
export type Place = (typeof places)[number];

/** A live preview of the field as its viewers see it. */
export function Preview({ field }: { field: FieldDefinition }) {
  const { t } = useTranslation();
  const [place, setPlace] = useState<Place>('console');
  const [language, setLanguage] = useState<Language>(useLanguage());
  const [isWide, setIsWide] = useState(false);
  return (
    <section className="card preview" aria-label={t('fields.preview.title')}>
      <h2 style={{ margin: 0 }}>{t('fields.preview.title')}</h2>
      <PlaceChoice place={place} onChange={setPlace} />
      <LanguageChoice label={t('fields.preview.language')} value={language} onChange={setLanguage} />
      <div className="preview-frame">
        <InLanguage language={language}>
          <PreviewField field={field} place={place} language={language} />
          {place === 'signUp' && isShown(field, place) && <SignUpButton />}
        </InLanguage>
      </div>
      <p className="field-help">{t(`fields.preview.shownTo.${place}`, { language: languageName(language) })}</p>
      <Button icon={<Columns4 className="icon" aria-hidden />} disabled={false} onClick={() => setIsWide(true)}>
        {t('fields.preview.sideBySide')}
      </Button>
      {isWide && (
        <Dialog
          label={t('fields.preview.sideBySide')}
          size="wide"
          className="preview-dialog"
          onClose={() => setIsWide(false)}
        >
          <PlaceChoice place={place} onChange={setPlace} />
          <SideBySide place={place} fields={[field]} />
          <footer>
            <Button disabled={false} onClick={() => setIsWide(false)}>
              {t('app.close')}
            </Button>
          </footer>
        </Dialog>
      )}
    </section>
  );
}

export function PlaceChoice({ place, onChange }: { place: Place; onChange: (place: Place) => void }) {
  const { t } = useTranslation();
  return (
    <Choice
      label={t('fields.preview.place')}
      value={place}
      onChange={onChange}
      options={places.map((name) => ({ value: name, label: t(`fields.preview.${name}`) }))}
    />
  );
}

/** The same fields in each of the four languages, side by side if there is space. */
export function SideBySide({ place, fields }: { place: Place; fields: FieldDefinition[] }) {
  const { t } = useTranslation();
  const shown = fields.filter((field) => isShown(field, place));
  return (
    <div className="side-by-side">
      {languages.map((language) => (
        <section key={language} className="preview-frame" aria-label={languageName(language)}>
          <h2>{languageName(language)}</h2>
          <InLanguage language={language}>
            {groupsOf(fields.length === 1 ? fields : shown).map(({ name, texts, fields: own }) => (
              <Fragment key={name}>
                {name && fields.length > 1 && <h3>{textOf(name, texts, language)}</h3>}
                {own.map((field) => (
                  <PreviewField key={field.key} field={field} place={place} language={language} />
                ))}
              </Fragment>
            ))}
            {place === 'signUp' && shown.length > 0 && <SignUpButton />}
          </InLanguage>
          {fields.length > 1 && !shown.length && <p className="quiet">{t('fields.preview.nothing')}</p>}
        </section>
      ))}
    </div>
  );
}

function SignUpButton() {
  const { t } = useTranslation();
  return (
    <Button type="primary" tabIndex={-1}>
      {t('fields.preview.signUpButton')}
    </Button>
  );
}

const isShown = (field: FieldDefinition, place: Place): boolean =>
  place === 'console'
    ? field.visibleInAdminConsole
    : field.visibleInUserCenter && (place === 'userCenter' || field.userEditable);

/** One field as one kind of viewer sees it. */
function PreviewField({ field, place, language }: { field: FieldDefinition; place: Place; language: Language }) {
  const { t } = useTranslation();
  const [value, setValue] = useState<Value | null>(null);
  const whole: Field = { ...field, version: 0 };
  const label = labelOf(field, language) || t('fields.preview.nameless');
  const hidden = place === 'console' ? !field.visibleInAdminConsole : !field.visibleInUserCenter;
  const editable = place === 'console' || field.userEditable;
  const description = textOf(field.description, field.i18n.description, language);
  if (hidden) return <p className="quiet">{t(`fields.preview.hidden.${place}`)}</p>;
  if (place === 'signUp' && !editable) return <p className="quiet">{t('fields.preview.notAsked')}</p>;
  return (
    <FormField label={label} lang={language} help={description && <span lang={language}>{description}</span>}>
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
  );
}
