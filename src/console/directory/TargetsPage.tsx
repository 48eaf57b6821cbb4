import type { TargetType } from '#contract/target';
import { kinds } from '../kinds.ts';
import { ListPage } from '../lists/ListPage.tsx';
import { CreateTarget } from './CreateTarget.tsx';

/** The targets of a type that has no page of its own for them. */
export function TargetsPage({ targetType }: { targetType: TargetType }) {
  return <ListPage targetType={targetType} actions={<CreateTarget offered={[kinds[targetType].creates]} />} />;
}
