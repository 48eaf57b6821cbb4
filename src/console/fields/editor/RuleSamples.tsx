import { useQuery } from '@tanstack/react-query';
import { Input } from 'antd';
import { useEffect, useState } from 'react';
import { useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { Field, FieldDefinition } from '#contract/field';
import { faultOf, type Rule } from '#contract/rule';
import { textOf } from '#contract/translation';
import { valueSchema } from '#contract/value';
import { issue, issuesOf, nameIssue } from '#contract/wire/issue';
import { call } from '../../api.ts';
import { FormField, IssueText } from '../../inputs/FormField.tsx';
import { useLanguage } from '../../ui/language.ts';
import './RuleSamples.css';

/** Tests samples with the rules in the form, and asks the server how many stored values would fail. */
export function RuleSamples({ stored }: { stored: Field | undefined }) {
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
      <IssueText message={issue(first.name, first.limit)} />
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
              // biome-ignore lint/suspicious/noArrayIndexKey: only their position distinguishes the lines
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

/** The share of stored values that the rules in the form would refuse. */
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
  if (!isOther || !isSound || !effects || effects.holders === null) return null;
  const number = (value: number) => value.toLocaleString(i18n.language);
  return (
    <p className={effects.broken.count ? 'note caution' : 'note'} role="status">
      {t('fields.rule.share', { broken: number(effects.broken.count), holders: number(effects.holders) })}
    </p>
  );
}

/** A text that hasn't changed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), 500);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
