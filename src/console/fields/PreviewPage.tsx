import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useParams, useSearchParams } from 'react-router';
import { ApiError } from '#contract/errors';
import { type TargetType, targetTypes } from '#contract/target';
import { Empty } from '../ui/Empty.tsx';
import { ErrorPage } from '../ui/ErrorPage.tsx';
import { FieldsFrame } from './FieldsFrame.tsx';
import { type Place, PlaceChoice, SideBySide } from './Preview.tsx';
import { fieldQueries } from './queries.ts';

/** All fields of a target type as their viewers meet them, in the four languages. */
export function PreviewPage() {
  const params = useParams();
  const targetType = targetTypes.find((known) => known === params.targetType);
  if (!targetType) return <ErrorPage error={new ApiError('notFound')} />;
  return (
    <FieldsFrame targetType={targetType} section="preview">
      <Whole key={targetType} targetType={targetType} />
    </FieldsFrame>
  );
}

function Whole({ targetType }: { targetType: TargetType }) {
  const { t } = useTranslation();
  const list = useQuery(fieldQueries.list(targetType));
  const [params, setParams] = useSearchParams();
  const place =
    (['console', 'userCenter', 'signUp'] as const).find((known) => known === params.get('place')) ?? 'console';
  if (list.error) return <ErrorPage error={list.error} onRetry={() => list.refetch()} />;
  if (!list.data) return <span className="skeleton" style={{ height: 320 }} />;
  if (!list.data.length)
    return (
      <Empty
        title={t('fields.empty.title', { target: t(`app.targets.${targetType}`) })}
        text={t('fields.empty.text')}
      />
    );
  return (
    <div className="stack">
      <PlaceChoice
        place={place}
        onChange={(next: Place) =>
          setParams(
            (now) => {
              now.set('place', next);
              return now;
            },
            { replace: true },
          )
        }
      />
      {/* Two of a kind make a whole; one alone would be drawn with the reason why it is hidden. */}
      <SideBySide place={place} fields={list.data} />
    </div>
  );
}
