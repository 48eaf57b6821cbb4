import { useQuery } from '@tanstack/react-query';
import { Button, Input, Select } from 'antd';
import { Plus, Trash2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useFieldArray, useFormContext, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { Field, FieldDefinition } from '#contract/field';
import { issuesOf, nameIssue } from '#contract/issue';
import { loadPatternEngine } from '#contract/pattern';
import { ends, faultOf, type Rule, type RuleType, ruleTypes } from '#contract/rule';
import { type Language, languages, noTranslations, textOf } from '#contract/target';
import { rulesOf, valueSchema } from '#contract/value';
import { call } from '../api.ts';
import { languageNames, languageSigns } from '../i18n/index.ts';
import { useSession } from '../session.ts';
import { Choice } from '../ui/Choice.tsx';
import { FormField, IssueText } from '../ui/FormField.tsx';
import { useLanguage } from '../ui/language.ts';

/** The rules of a field, each with its message in every language, and a box that tries samples. */
export function RulesEditor({ stored }: { stored: Field | undefined }) {
  const { t } = useTranslation();
  const { can } = useSession();
  const { control } = useFormContext<FieldDefinition>();
  const { fields, append, remove } = useFieldArray({ control, name: 'validateRules' });
  const [dataType, rules] = useWatch({ control, name: ['dataType', 'validateRules'] });
  const offered = rulesOf[dataType];
  const hasPattern = rules.some(({ type }) => type === 'regExp');
  // Until the engine is there, the server judges alone.
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
        // What the switch above says, and what says nothing, isn't shown twice.
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
      {rules.some(({ type }) => ruleTypes.some((known) => known === type)) && <Samples stored={stored} />}
    </div>
  );
}

function RuleRow({ index, offered, onRemove }: { index: number; offered: readonly RuleType[]; onRemove: () => void }) {
  const { t } = useTranslation();
  const { can } = useSession();
  const { control, setValue, getFieldState, formState } = useFormContext<FieldDefinition>();
  const rule = useWatch({ control, name: `validateRules.${index}` });
  const [language, setLanguage] = useState<Language | 'none'>('none');
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
            <Choice
              label={t('fields.rule.messageLanguage', { position })}
              value={language}
              onChange={setLanguage}
              options={[
                { value: 'none', label: t('fields.options.default') },
                ...languages.map((each) => ({
                  value: each,
                  label: languageSigns[each],
                  name: languageNames[each],
                  lang: each,
                })),
              ]}
            />
          }
        >
          {(props) =>
            language === 'none' ? (
              <Input {...props} value={rule.error} onChange={(event) => set({ error: event.target.value })} />
            ) : (
              <Input
                {...props}
                lang={language}
                value={texts[language].value}
                placeholder={rule.error}
                onChange={({ target: { value } }) =>
                  set({ i18n: { error: { ...texts, [language]: { enabled: value !== '', value } } } })
                }
              />
            )
          }
        </FormField>
      )}
    </fieldset>
  );
}

/** What a type of rule takes beside itself. */
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

/** Tries samples on the rules as they stand in the form, and asks the server how many stored values would fail. */
function Samples({ stored }: { stored: Field | undefined }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const [text, setText] = useState('');
  const values = useWatch<FieldDefinition>() as FieldDefinition;
  const schema = valueSchema({ ...values, version: 0 });
  const lines = text.split('\n').filter((line) => line.trim());
  const complaint = (line: string) => {
    const parsed = schema.safeParse(line, { error: nameIssue });
    const [first] = parsed.success ? [] : issuesOf(parsed.error);
    if (!first) return undefined;
    return first.says ? (
      textOf(first.says.error, first.says.i18n?.error, language)
    ) : (
      <IssueText message={[first.name, first.limit].filter(Boolean).join(' ')} />
    );
  };
  return (
    <div className="rule-samples">
      <FormField label={t('fields.rule.try')} help={t('fields.rule.tryHelp')}>
        {(props) => (
          <Input.TextArea {...props} rows={2} value={text} onChange={(event) => setText(event.target.value)} />
        )}
      </FormField>
      {lines.length > 0 && (
        <ul aria-live="polite">
          {lines.slice(0, 50).map((line, index) => {
            const said = complaint(line);
            return (
              // Lines are told apart by where they stand.
              // biome-ignore lint/suspicious/noArrayIndexKey: see above
              <li key={index} className={said ? 'fails' : 'passes'}>
                <span className="mono">{line}</span> {said ?? t('fields.rule.passes')}
              </li>
            );
          })}
        </ul>
      )}
      {stored && <Share stored={stored} rules={values.validateRules} />}
    </div>
  );
}

/** The share of stored values that the rules of the form would refuse. */
function Share({ stored, rules }: { stored: Field; rules: Rule[] }) {
  const { t, i18n } = useTranslation();
  const settled = useSettled(JSON.stringify(rules));
  const { targetType, key } = stored;
  const isSound = (JSON.parse(settled) as Rule[]).every((rule) => !faultOf(rule));
  const isOther = settled !== JSON.stringify(stored.validateRules);
  const plan = useQuery({
    queryKey: ['fields', targetType, 'rules', key, settled],
    queryFn: () =>
      call('planFields', { samples: 0, changes: [{ targetType, key, validateRules: JSON.parse(settled) }] }),
    enabled: isSound && isOther,
    retry: false,
  });
  const [effects] = plan.data?.fields ?? [];
  if (!isOther || !isSound || !effects) return null;
  const number = (value: number) => value.toLocaleString(i18n.language);
  return (
    <p className={effects.broken.count ? 'note caution' : 'note'} role="status">
      {t('fields.rule.share', { broken: number(effects.broken.count), holders: number(effects.holders) })}
    </p>
  );
}

/** A text once it has stood still for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), 500);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
