import { useQuery } from '@tanstack/react-query';
import { Button, Input, Select } from 'antd';
import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useFieldArray, useFormContext, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { Field, FieldDefinition } from '#contract/field';
import { ends, faultOf, type Rule, type RuleType, ruleTypes } from '#contract/rule';
import { noTranslations } from '#contract/translation';
import { rulesOf } from '#contract/value';
import type { Language } from '#contract/wire/language';
import { loadPatternEngine } from '#contract/wire/pattern';
import { FormField } from '../../inputs/FormField.tsx';
import { useSession } from '../../session.ts';
import { TextChoice } from '../translations/LanguageChoice.tsx';
import { typed } from '../translations/texts.ts';
import { RuleSamples } from './RuleSamples.tsx';
import './RulesEditor.css';

/** The rules of a field, each with its message in every language, and a box that tests samples. */
export function RulesEditor({ stored }: { stored: Field | undefined }) {
  const { t } = useTranslation();
  const { can } = useSession();
  const { control } = useFormContext<FieldDefinition>();
  const { fields, append, remove } = useFieldArray({ control, name: 'validateRules' });
  const [dataType, rules] = useWatch({ control, name: ['dataType', 'validateRules'] });
  const offered = rulesOf[dataType];
  const hasPattern = rules.some(({ type }) => type === 'regExp');
  // Until the engine is loaded, only the server validates.
  useQuery({
    queryKey: ['pattern-engine'],
    queryFn: () => loadPatternEngine().then(() => true),
    enabled: hasPattern,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const free = offered.find((type) => !rules.some((rule) => rule.type === type)) ?? offered[0];
  return (
    <div className="rules">
      {fields.map((row, index) =>
        // `UNIQUE` has its own switch above, and `None` means nothing.
        ['UNIQUE', 'None'].includes(rules[index]?.type ?? '') ? null : (
          <RuleRow key={row.id} index={index} offered={offered} onRemove={() => remove(index)} />
        ),
      )}
      {can('define') && free && (
        <Button
          type="link"
          icon={<Plus className="icon" aria-hidden />}
          onClick={() =>
            append({ type: free, content: '', error: '' }, { focusName: `validateRules.${fields.length}.content` })
          }
        >
          {t('fields.rule.add')}
        </Button>
      )}
      {rules.some(({ type }) => ruleTypes.some((known) => known === type)) && <RuleSamples stored={stored} />}
    </div>
  );
}

function RuleRow({ index, offered, onRemove }: { index: number; offered: readonly RuleType[]; onRemove: () => void }) {
  const { t } = useTranslation();
  const { can } = useSession();
  const { control, setValue, getFieldState, formState } = useFormContext<FieldDefinition>();
  const rule = useWatch({ control, name: `validateRules.${index}` });
  const [language, setLanguage] = useState<Language | 'default'>('default');
  if (!rule) return null;
  const set = (next: Partial<Rule>) =>
    setValue(
      `validateRules.${index}`,
      { ...rule, ...next },
      { shouldDirty: true, shouldTouch: true, shouldValidate: formState.isSubmitted },
    );
  const known = ruleTypes.find((type) => type === rule.type);
  const position = index + 1;
  const error = getFieldState(`validateRules.${index}.content`, formState).error?.message;
  const fault = rule.content ? (faultOf(rule) ?? (formState.isSubmitted ? error : undefined)) : error;
  const texts = rule.i18n?.error ?? noTranslations();
  return (
    <fieldset className="rule">
      <legend className="hidden-text">{t('fields.rule.title', { position })}</legend>
      <div className="rule-head">
        {known ? (
          <Select
            aria-label={t('fields.rule.type', { position })}
            value={known}
            popupMatchSelectWidth={false}
            options={[...new Set([...offered, known])].map((type) => ({
              value: type,
              label: t(`fields.rule.types.${type}`),
            }))}
            onChange={(type: RuleType) => set({ type, content: '' })}
          />
        ) : (
          <span>
            <span className="mono">{rule.type}</span> <span className="quiet">{t('fields.rule.unknown')}</span>
          </span>
        )}
        <button
          type="button"
          className="icon-button"
          disabled={!can('define')}
          aria-label={t('fields.rule.remove', { position })}
          onClick={onRemove}
        >
          <Trash2 className="icon" aria-hidden />
        </button>
      </div>
      {known && contents[known] && (
        <RuleContent
          kind={contents[known]}
          rule={rule}
          position={position}
          fault={fault}
          onChange={(content) => set({ content })}
        />
      )}
      {known && (
        <FormField
          label={t('fields.rule.message')}
          help={t('fields.rule.messageHelp')}
          aside={
            <TextChoice
              label={t('fields.rule.messageLanguage', { position })}
              value={language}
              onChange={setLanguage}
            />
          }
        >
          {(props) =>
            language === 'default' ? (
              <Input {...props} value={rule.error} onChange={(event) => set({ error: event.target.value })} />
            ) : (
              <Input
                {...props}
                lang={language}
                value={texts[language].value}
                placeholder={rule.error}
                onChange={({ target: { value } }) => set({ i18n: { error: { ...texts, [language]: typed(value) } } })}
              />
            )
          }
        </FormField>
      )}
    </fieldset>
  );
}

/** The parameter of each type of rule. */
const contents: Record<RuleType, 'pattern' | 'bounds' | undefined> = {
  regExp: 'pattern',
  length: 'bounds',
  range: 'bounds',
  email: undefined,
  phone: undefined,
  isNumber: undefined,
};

function RuleContent({
  kind,
  rule,
  position,
  fault,
  onChange,
}: {
  kind: 'pattern' | 'bounds';
  rule: Rule;
  position: number;
  fault: string | undefined;
  onChange: (content: string) => void;
}) {
  const { t } = useTranslation();
  const { from, to } = ends(rule.content);
  const ofDates = useWatch<FieldDefinition>({ name: 'precision' }) !== undefined;
  if (kind === 'pattern') {
    return (
      <FormField label={t('fields.rule.pattern')} help={t('fields.rule.patternHelp')} error={fault}>
        {(props) => (
          <Input
            {...props}
            className="mono"
            spellCheck={false}
            autoCapitalize="off"
            name={`validateRules.${position - 1}.content`}
            value={rule.content}
            placeholder="^[A-Z]\d{5}$"
            onChange={(event) => onChange(event.target.value)}
          />
        )}
      </FormField>
    );
  }
  const plain = (text: string) => text.normalize('NFKC').trim();
  const hint = ofDates ? { placeholder: '2024-04-01' } : {};
  return (
    <div className="rule-bounds">
      <FormField label={t('fields.rule.from')} error={fault}>
        {(props) => (
          <Input
            {...props}
            {...hint}
            value={from}
            onChange={(event) => onChange(`${plain(event.target.value)}..${to}`)}
          />
        )}
      </FormField>
      <FormField label={t('fields.rule.to')}>
        {(props) => (
          <Input
            {...props}
            {...hint}
            value={to}
            onChange={(event) => onChange(`${from}..${plain(event.target.value)}`)}
          />
        )}
      </FormField>
    </div>
  );
}
