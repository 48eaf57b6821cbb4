import { App, Button } from 'antd';
import { Download } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { type FieldPlan, type Holder, type Plan, type SentPlan, touchesValues } from '#contract/plan';
import type { TargetType } from '#contract/target';
import type { Value } from '#contract/value';
import { call } from '../../api.ts';
import { IssueText } from '../../inputs/FormField.tsx';
import { holderPath } from '../../paths.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { loadSheets } from '../files/sheets.ts';
import { UsedBy } from '../UsedBy.tsx';
import { Dispositions, type Draft, isDecided, nameOf } from './Dispositions.tsx';
import { useLabels } from './labels.ts';
import './PlanDialog.css';

/** What a change would do to values, and the decisions before it. Shown only if the change touches values. */
export function PlanDialog({
  request,
  plan,
  moved,
  applying,
  onApply,
  onCancel,
}: {
  request: SentPlan;
  plan: Plan;
  moved: boolean;
  applying: boolean;
  onApply: (request: SentPlan) => void;
  onCancel: () => void;
}) {
  const { t } = useTranslation();
  const [decided, setDecided] = useState(
    () => new Map(plan.fields.map((field) => [nameOf(field), dispositionsOf(field)])),
  );
  const labels = useLabels();
  const touched = plan.fields.filter(touchesValues);
  const isOpen = touched.some((field) => decided.get(nameOf(field))?.some((disposition) => !isDecided(disposition)));
  const isBlocked = touched.some(({ duplicates }) => duplicates.count > 0);
  const removes = touched.some(({ does }) => does === 'delete');
  return (
    <Dialog title={t('fields.plan.title')} size="large" onClose={onCancel}>
      <p className="quiet">{t('fields.plan.text')}</p>
      {moved && (
        <p className="note caution" role="alert">
          {t('fields.plan.moved')}
        </p>
      )}
      <div className="stack plan-body">
        {touched.map((field) => (
          <section key={nameOf(field)} aria-label={labels.field(field)}>
            <h3>
              {labels.field(field)} <span className="mono">{field.key}</span>
            </h3>
            <Effects
              field={field}
              request={request}
              decided={decided.get(nameOf(field)) ?? []}
              onDecide={(next) => setDecided(new Map(decided).set(nameOf(field), next))}
            />
          </section>
        ))}
      </div>
      <footer>
        <Button onClick={onCancel}>{t('fields.plan.back')}</Button>
        <Button
          type="primary"
          danger={removes}
          loading={applying}
          disabled={isOpen || isBlocked}
          onClick={() => onApply(withDispositions(request, decided))}
        >
          {removes ? t('fields.plan.delete') : t('fields.plan.apply')}
        </Button>
      </footer>
    </Dialog>
  );
}

const dispositionsOf = ({ options }: FieldPlan): Draft[] =>
  options.map(({ value, disposition, to }) => ({ value, disposition, ...(to !== undefined && { to }) }));

function withDispositions(request: SentPlan, decided: Map<string, Draft[]>): SentPlan {
  return {
    ...request,
    changes: request.changes?.map((change) => {
      const own = decided.get(nameOf({ targetType: String(change.targetType), key: change.key })) ?? [];
      return {
        ...change,
        dispositions: own.flatMap(({ disposition, ...rest }) =>
          disposition ? [{ ...rest, disposition, to: disposition === 'move' ? rest.to : undefined }] : [],
        ),
      };
    }),
  };
}

function Effects({
  field,
  request,
  decided,
  onDecide,
}: {
  field: FieldPlan;
  request: SentPlan;
  decided: Draft[];
  onDecide: (next: Draft[]) => void;
}) {
  const { t } = useTranslation();
  const { targetType, key, does, holders, options, broken, rewritten, duplicates } = field;
  const { message } = App.useApp();
  const sayDeletes = (count: number) =>
    t('fields.plan.deletes', { count, targets: t(`app.counted.${targetType}`, { count }) });
  const exportAll = async (part: 'broken' | 'rewritten') => {
    const left = await exportValues(request, field, part);
    if (left) message.warning(t('fields.plan.exportedPart', { count: left }), 10);
  };
  return (
    <>
      {field.changes.includes('encrypted') && (
        <p>{holders === null ? t('fields.plan.encryptsAll') : t('fields.plan.encrypts', { count: holders })}</p>
      )}
      {field.isProtected && <p className="quiet">{t('fields.plan.protected')}</p>}
      {does === 'delete' && <p>{holders === null ? t('fields.plan.deletesAll') : sayDeletes(holders)}</p>}
      {options.length > 0 && (
        <Dispositions options={options} request={request} field={field} decided={decided} onDecide={onDecide} />
      )}
      {broken.count > 0 && (
        <Samples
          title={t('fields.plan.broken', { count: broken.count })}
          onExport={() => exportAll('broken')}
          rows={broken.samples.map(({ holder, value, says }) => ({
            holder: <HolderLink targetType={targetType} holder={holder} />,
            value: textOf(value),
            note: <IssueText message={says} />,
          }))}
          rest={broken.count - broken.samples.length}
        />
      )}
      {rewritten.count > 0 && (
        <Samples
          title={t('fields.plan.rewritten', { count: rewritten.count })}
          onExport={() => exportAll('rewritten')}
          rows={rewritten.samples.map(({ holder, value, after }) => ({
            holder: <HolderLink targetType={targetType} holder={holder} />,
            value: textOf(value),
            note: `→ ${textOf(after)}`,
          }))}
          rest={rewritten.count - rewritten.samples.length}
        />
      )}
      {duplicates.count > 0 && (
        <Samples
          title={t('fields.plan.duplicates', { count: duplicates.count })}
          rows={duplicates.samples.map(({ value, holders: count }) => ({
            holder: textOf(value),
            value: '',
            note: <UsedBy field={{ targetType, key }} value={value} count={count} />,
          }))}
          rest={duplicates.count - duplicates.samples.length}
          key={key}
        />
      )}
    </>
  );
}

const textOf = (value: Value) => (typeof value === 'string' ? value : JSON.stringify(value));

function HolderLink({ targetType, holder }: { targetType: TargetType; holder: Holder }) {
  return (
    <Link to={holderPath(targetType, holder)} target="_blank">
      {holder.name}
    </Link>
  );
}

function Samples({
  title,
  rows,
  rest,
  onExport,
}: {
  title: string;
  rows: { holder: ReactNode; value: string; note: ReactNode }[];
  rest: number;
  onExport?: () => void;
}) {
  const { t, i18n } = useTranslation();
  return (
    <div className="plan-samples">
      <header>
        <p>{title}</p>
        {onExport && (
          <Button size="small" icon={<Download className="icon" aria-hidden />} onClick={onExport}>
            {t('fields.plan.export')}
          </Button>
        )}
      </header>
      <ul>
        {rows.map(({ holder, value, note }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows of one answer never move
          <li key={index}>
            <span>{holder}</span>
            <span className="mono">{value}</span>
            <span className="quiet">{note}</span>
          </li>
        ))}
        {rest > 0 && (
          <li className="quiet">
            {t('fields.plan.more', { count: rest, number: rest.toLocaleString(i18n.language) })}
          </li>
        )}
      </ul>
    </div>
  );
}

/** Saves the values of a problem as a file. Returns how many are too many for one. */
async function exportValues(request: SentPlan, field: FieldPlan, part: 'broken' | 'rewritten'): Promise<number> {
  const [sheets, plan] = await Promise.all([loadSheets(), call('planFields', { ...request, samples: 10_000 })]);
  const found = plan.fields.find((one) => nameOf(one) === nameOf(field));
  const rows = (found?.[part].samples ?? []).map((sample) => ({
    id: sample.holder.identifier,
    name: sample.holder.name,
    value: textOf(sample.value),
    ...('says' in sample ? { reason: sample.says } : { after: textOf(sample.after) }),
  }));
  saveFile(`${field.key}-${part}.csv`, `\uFEFF${sheets.unparse(rows, { escapeFormulae: true })}`, 'text/csv');
  return found ? found[part].count - rows.length : 0;
}
