import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { Copy } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { HistoryEntry } from '#contract/history';
import { type Reference, wire } from '../kinds.ts';
import { tenantId } from '../tenant.ts';
import { ErrorPage } from '../ui/ErrorPage.tsx';
import { toast } from '../ui/toasts.ts';
import { valueQueries } from './targets.ts';
import './RawView.css';

/** A target as the API returns it, and calls that would repeat the last write. */
export function RawView({ reference }: { reference: Reference }) {
  const { t } = useTranslation();
  const raw = useQuery(valueQueries.raw(reference));
  const history = useInfiniteQuery(valueQueries.history(reference, undefined));
  if (raw.error) return <ErrorPage error={raw.error} onRetry={() => raw.refetch()} />;
  const list = lastWrite(history.data?.pages[0]?.list ?? []);
  const body = { ...wire(reference), ...(tenantId && { tenantId }), list };
  return (
    <div className="stack">
      <Code title={t('values.raw.json')} text={raw.data ? JSON.stringify(raw.data, null, 2) : undefined} />
      {list.length > 0 && (
        <>
          <Code title={t('values.raw.curl')} text={curlOf(body)} />
          <Code title={t('values.raw.sdk')} text={sdkOf(body)} />
        </>
      )}
    </div>
  );
}

function Code({ title, text }: { title: string; text: string | undefined }) {
  const { t } = useTranslation();
  return (
    <section className="card" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <Button
          size="small"
          icon={<Copy className="icon" aria-hidden />}
          disabled={text === undefined}
          aria-label={t('values.raw.copyOf', { title })}
          onClick={() => navigator.clipboard.writeText(text ?? '').then(() => toast.say(t('values.raw.copied')))}
        >
          {t('app.copy')}
        </Button>
      </header>
      {text === undefined ? (
        <span className="skeleton" style={{ height: 160 }} />
      ) : (
        // It scrolls, so it must be reachable by keyboard.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: see the line above
        <pre className="code" tabIndex={0}>
          {text}
        </pre>
      )}
    </section>
  );
}

/** The values of the latest request that changed any, as input of a call. */
function lastWrite(entries: HistoryEntry[]): { key: string; value: HistoryEntry['after'] }[] {
  // A masked value can't be written again, because nobody here knows it.
  const first = entries.find(({ field }) => field && !field.isDeleted && !field.isMasked);
  return entries
    .filter(({ request, field }) => first && field && !field.isMasked && request === first.request)
    .map(({ field, after }) => ({ key: field?.key ?? '', value: after }));
}

/** JSON in single quotes for a shell: a quote ends them, is escaped, and starts them again. */
const curlOf = (body: object): string =>
  [
    `curl ${window.location.origin}/api/v3/set-custom-data \\`,
    "  -H 'content-type: application/json' \\",
    '  -H "authorization: Bearer $MANAGEMENT_TOKEN" \\',
    `  -d '${JSON.stringify(body).replace(/'/g, "'\\''")}'`,
  ].join('\n');

const sdkOf = (body: object): string =>
  [
    "import { ManagementClient } from 'authing-node-sdk';",
    '',
    'const client = new ManagementClient({',
    '  accessKeyId: process.env.FIELDBOOK_ACCESS_KEY_ID,',
    '  accessKeySecret: process.env.FIELDBOOK_ACCESS_KEY_SECRET,',
    `  host: '${window.location.origin}',`,
    '});',
    `await client.setCustomData(${JSON.stringify(body, null, 2)});`,
  ].join('\n');
