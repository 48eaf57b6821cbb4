import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams, useSearchParams } from 'react-router';
import { type TargetType, targetTypes } from '#contract/target';
import { ApiError } from '#contract/wire/errors';
import { definitionQueries } from '../definitions.ts';
import { Empty } from '../ui/Empty.tsx';
import { ErrorPage } from '../ui/ErrorPage.tsx';
import { FieldsFrame } from './FieldsFrame.tsx';
import { type Place, PlaceChoice, SideBySide } from './Preview.tsx';
import './PreviewPage.css';

/** All fields of a target type as their viewers see them, in the four languages. */
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
  const list = useQuery(definitionQueries.custom(targetType));
  const [params, setParams] = useSearchParams();
  const stands =
    (['console', 'userCenter', 'signUp'] as const).find((known) => known === params.get('place')) ?? 'console';
  // The URL changes after all fields are rendered. The clicked choice shows at once.
  const [pressed, setPressed] = useState<{ place: Place; from: Place }>();
  const place = pressed && pressed.from === stands ? pressed.place : stands;
  if (list.error) return <ErrorPage error={list.error} onRetry={() => list.refetch()} />;
  if (!list.data) return <span className="skeleton" style={{ height: 320 }} />;
  if (!list.data.length) return <Empty title={t(`fields.empty.title.${targetType}`)} text={t('fields.empty.text')} />;
  return (
    <div className="stack">
      <div className="preview-place">
        <PlaceChoice
          place={place}
          onChange={(next: Place) => {
            setPressed({ place: next, from: stands });
            setParams(
              (now) => {
                now.set('place', next);
                return now;
              },
              { replace: true },
            );
          }}
        />
      </div>
      {/* Several fields make a form. A single one would also explain why it is hidden. */}
      <SideBySide place={place} fields={list.data} />
    </div>
  );
}
