import { useMutation, useQuery } from '@tanstack/react-query';
import { Button, Switch } from 'antd';
import { Download } from 'lucide-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { type FieldFile, fieldFile, fileOf, planOfFile, writeFile } from '#contract/file';
import { doesNothing, type FieldPlan, type Property } from '#contract/plan';
import { type TargetType, targetTypes } from '#contract/target';
import { ApiError } from '#contract/wire/errors';
import { issue, issuesOf, nameIssue } from '#contract/wire/issue';
import { definitionQueries } from '../../definitions.ts';
import { IssueText } from '../../inputs/FormField.tsx';
import { useSession } from '../../session.ts';
import { ErrorPage } from '../../ui/ErrorPage.tsx';
import { listOf, useLanguage } from '../../ui/language.ts';
import { saveFile } from '../../ui/save-file.ts';
import { toast } from '../../ui/toasts.ts';
import { FieldsFrame } from '../FieldsFrame.tsx';
import { useLabels } from '../plan/labels.ts';
import { usePlan } from '../plan/usePlan.tsx';
import { makePlan } from '../queries.ts';
import { usedBy } from '../UsedBy.tsx';
import { FileButton } from './FileButton.tsx';
import './FilesPage.css';

/** Definitions as files: download, compare a file with the stored fields, and apply it. */
export function FilesPage() {
  const params = useParams();
  const targetType = targetTypes.find((known) => known === params.targetType);
  if (!targetType) return <ErrorPage error={new ApiError('notFound')} />;
  return (
    <FieldsFrame targetType={targetType} section="files">
      <Files key={targetType} targetType={targetType} />
    </FieldsFrame>
  );
}

interface Complaint {
  path: string;
  message: string;
}

function Files({ targetType }: { targetType: TargetType }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { can } = useSession();
  const list = useQuery(definitionQueries.custom(targetType));
  const compare = useMutation(makePlan());
  const plan = usePlan();
  const [file, setFile] = useState<{ name: string; content: FieldFile }>();
  const [complaints, setComplaints] = useState<Complaint[]>([]);
  const [prune, setPrune] = useState(false);
  const id = useId();
  if (list.error) return <ErrorPage error={list.error} onRetry={() => list.refetch()} />;
  const stored = list.data ?? [];

  const look = (content: FieldFile, withPrune: boolean) =>
    compare
      .mutateAsync(planOfFile(content, stored, withPrune).request)
      .catch((error: Error) => complain(error, content));

  /** Shows the issues with the names of the file's fields. */
  function complain(error: Error, content: FieldFile) {
    const issues = error instanceof ApiError ? error.issues : [];
    setComplaints(
      issues.map(({ path: [, index, ...rest], message, name }) => ({
        path: [content.fields[Number(index)]?.key, ...rest].join('.'),
        message: message ?? name,
      })),
    );
    if (!issues.length) toast.error(error);
  }

  async function open(chosen: File) {
    setFile(undefined);
    compare.reset();
    const read = readJson(await chosen.text());
    if (read === undefined) return setComplaints([{ path: chosen.name, message: 'malformedJson' }]);
    const parsed = fieldFile.safeParse(read, { error: nameIssue });
    if (!parsed.success) {
      return setComplaints(
        issuesOf(parsed.error).map(({ path, name, limit }) => ({
          path: path.join('.'),
          message: issue(name, limit),
        })),
      );
    }
    if (parsed.data.targetType !== targetType) {
      return setComplaints([{ path: 'targetType', message: `notOneOf ${targetType}` }]);
    }
    setComplaints([]);
    // The parse only validated the file. The request sends its original content.
    const content = read as FieldFile;
    setFile({ name: chosen.name, content });
    await look(content, prune);
  }

  const unnamed = file ? planOfFile(file.content, stored, false).unnamed : [];
  const effects = compare.data?.fields.filter(({ does }) => does !== 'nothing') ?? [];
  const apply = () =>
    file &&
    plan.run(planOfFile(file.content, stored, prune).request, t('fields.files.applied', { name: file.name })).then(
      (done) => {
        if (!done) return;
        setFile(undefined);
        compare.reset();
      },
      (error: Error) => complain(error, file.content),
    );
  return (
    <div className="stack files">
      <section className="card">
        <h2>{t('fields.files.export')}</h2>
        <p className="quiet">{t('fields.files.exportText')}</p>
        <Button
          icon={<Download className="icon" aria-hidden />}
          disabled={!list.data}
          onClick={() =>
            saveFile(
              `fields-${targetType.toLowerCase()}.json`,
              writeFile(fileOf(targetType, stored)),
              'application/json',
            )
          }
        >
          {t('fields.files.download')}
        </Button>
      </section>
      {can('define') && (
        <section className="card">
          <h2>{t('fields.files.compare')}</h2>
          <p className="quiet">{t('fields.files.compareText')}</p>
          <FileButton label={t('fields.files.choose')} accept=".json,application/json" onFile={open} />
          {complaints.length > 0 && (
            <ul className="complaints" role="alert">
              {complaints.slice(0, 50).map(({ path, message }) => (
                <li key={`${path} ${message}`} className="field-error">
                  <span className="mono">{path}</span> <IssueText message={message} />
                </li>
              ))}
            </ul>
          )}
          {file && compare.data && (
            <div className="compared" aria-live="polite">
              <h3>{t('fields.files.would', { name: file.name })}</h3>
              {doesNothing(compare.data) && !unnamed.length && <p>{t('fields.files.same')}</p>}
              <ul>
                {effects.map((field) => (
                  <Effect key={field.key} field={field} />
                ))}
                {compare.data.reorders && <li>{t('fields.files.reorders')}</li>}
              </ul>
              {unnamed.length > 0 && (
                <div className="switch-row">
                  <Switch
                    checked={prune}
                    aria-labelledby={id}
                    aria-describedby={`${id}-help`}
                    onChange={(on) => {
                      setPrune(on);
                      void look(file.content, on);
                    }}
                  />
                  <div>
                    <div id={id}>{t('fields.files.prune', { count: unnamed.length })}</div>
                    <p className="field-help" id={`${id}-help`}>
                      {listOf(unnamed, language)}
                    </p>
                  </div>
                </div>
              )}
              {!doesNothing(compare.data) && (
                <Button type="primary" loading={plan.isPending} onClick={apply}>
                  {t('fields.files.apply')}
                </Button>
              )}
            </div>
          )}
        </section>
      )}
      {plan.dialog}
    </div>
  );
}

/** What the file would do to a field. */
function Effect({ field }: { field: FieldPlan }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const labels = useLabels();
  const { key, targetType, does, changes, holders } = field;
  const names = changes.map((name) => t(`fields.change.${name as Property}`));
  return (
    <li className={`effect ${does}`}>
      <span className="badge">{t(`fields.trash.does.${does}`)}</span> <b>{labels.field(field)}</b>{' '}
      <span className="mono">{key}</span>{' '}
      <span className="quiet">
        {listOf(names, language)}
        {holders === null && ` · ${t('fields.plan.maybeHeld')}`}
        {Boolean(holders) && ` · ${usedBy(t, targetType, holders ?? 0)}`}
      </span>
    </li>
  );
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
