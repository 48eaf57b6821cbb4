import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Value } from '#contract/value';
import { type Fact, kinds, type Reference } from '../../kinds.ts';
import { holderPath } from '../../paths.ts';
import { asLeft } from '../../returning.ts';
import { SiblingLinks } from '../../shell/Siblings.tsx';
import { Crumbs } from '../../ui/Crumbs.tsx';
import { useLanguage } from '../../ui/language.ts';
import { sayValue } from '../../ui/ValueText.tsx';
import { type TargetData, valueQueries } from '../targets.ts';
import { Copy } from './Copy.tsx';
import { DeleteTarget } from './DeleteTarget.tsx';
import './TargetHead.css';

/** A name of more signs may take more than two lines. */
const long = 60;

/** Who a page is about: where it stands, its name and state, what people copy of it, and what it is a member of. */
export function TargetHead({
  reference,
  data,
}: {
  reference: Reference;
  /** Undefined while loading. */
  data: TargetData | undefined;
}) {
  const { t } = useTranslation();
  const kind = kinds[reference.targetType];
  const above = useQuery({
    ...valueQueries.above(reference, data?.entity),
    enabled: data !== undefined && kind.parent !== undefined,
  });
  const list = { to: asLeft(kind.page), label: t(`app.targets.${reference.targetType}`) };
  const name = data && kind.name(data.entity);
  return (
    <header className="target-head">
      <div className="target-place">
        <Crumbs steps={[list, ...(above.data ?? [])]} here={name ?? '…'} />
        <SiblingLinks />
        {data && <DeleteTarget reference={reference} entity={data.entity} />}
      </div>
      <span className="avatar" aria-hidden>
        {name ? [...name][0] : ''}
      </span>
      <div className="target-who">
        <div className="target-name">
          {/* A long one is read whole with the focus on it. */}
          <h1 title={name} {...(name && name.length > long && { tabIndex: 0 })}>
            {name ?? <span className="skeleton" style={{ width: 160, height: 20 }} />}
          </h1>
          {data && <State targetType={reference.targetType} data={data} />}
        </div>
        <ul className="target-facts">
          {data &&
            kind
              .facts(data.entity)
              .filter(({ text }) => text)
              .map((fact) => <Said key={`${fact.is} ${fact.text}`} fact={fact} />)}
        </ul>
        {data && data.memberships.length > 0 && (
          <ul className="target-facts" aria-label={t('values.memberships')}>
            {data.memberships.map(({ targetType, ...holder }) => {
              const { Icon } = kinds[targetType];
              return (
                <li key={`${targetType} ${holder.identifier}`}>
                  <Link className="badge" to={holderPath(targetType, holder)}>
                    <Icon className="icon" aria-hidden />
                    {holder.name}
                  </Link>
                </li>
              );
            })}
          </ul>
        )}
      </div>
    </header>
  );
}

function Said({ fact: { text, is } }: { fact: Fact }) {
  return (
    <li>
      {is === 'id' ? <code>{text}</code> : <span>{text}</span>}
      {is !== 'word' && <Copy text={text} />}
    </li>
  );
}

/** The state of a target that has one, in the words of its field. */
function State({ targetType, data }: { targetType: Reference['targetType']; data: TargetData }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { badge } = kinds[targetType];
  const field = badge && data.builtin.find(({ key }) => key === badge.key);
  const value = badge && (data.entity[badge.key] as Value | null | undefined);
  if (!field || value === undefined || value === null) return null;
  return (
    <span className={`badge ${value === badge.good ? 'good' : 'caution'}`}>{sayValue(value, field, language, t)}</span>
  );
}
