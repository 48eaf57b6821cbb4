import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { ApiError } from '#contract/wire/errors';
import { PageTitle } from './PageTitle.tsx';
import { sayError } from './toasts.ts';

/** What happened, what to do, and the request id for support. */
export function ErrorPage({
  error,
  onRetry,
  back,
}: {
  error: Error;
  onRetry?: () => void;
  /** The list of what is missing, by its name. */
  back?: { to: string; page: string };
}) {
  const { t } = useTranslation();
  const requestId = error instanceof ApiError ? error.details.requestId : undefined;
  // A heading has no full stop. What is to be done follows it.
  const [, heading = '', rest = ''] = /^(.+?)[.。](?: (.+)|([^ ].*)|)$/s.exec(sayError(error)) ?? [];
  return (
    <div className="empty" role="alert">
      <PageTitle name={heading} />
      <h1>{heading}</h1>
      {rest && <p>{rest}</p>}
      {(isMissing(error) || requestId || !rest) && (
        <p>{isMissing(error) ? t('app.missingHelp') : t(requestId ? 'app.failedHelp' : 'app.failedNoId')}</p>
      )}
      {requestId && (
        <p>
          <span className="mono">{t('app.requestId', { id: requestId })}</span>{' '}
          <Button size="small" onClick={() => navigator.clipboard.writeText(requestId)}>
            {t('app.copy')}
          </Button>
        </p>
      )}
      {onRetry && !isMissing(error) ? (
        <Button type="primary" onClick={onRetry}>
          {t('app.retry')}
        </Button>
      ) : (
        <Link to={back?.to ?? '/fields'}>{back ? t('app.backTo', { page: back.page }) : t('app.home')}</Link>
      )}
    </div>
  );
}

const isMissing = (error: Error) => error instanceof ApiError && error.name.toLowerCase().endsWith('notfound');
