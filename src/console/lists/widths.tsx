import { type KeyboardEvent, type PointerEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { parseJson } from '#contract/wire/scalars';
import type { Column } from '../ui/DataTable.tsx';
import './widths.css';

/** In px, by the key of a column. */
const widths = z.record(z.string(), z.number()).catch({});
const narrowest = 64;
const widest = 800;
const step = 16;

/** The widths of a list's columns, which this browser keeps, and the edges that change them. */
export function useWidths(list: string): (key: string, label: string) => Pick<Column<unknown>, 'width' | 'edge'> {
  const { t } = useTranslation();
  const name = `fieldbook.widths.${list}`;
  const [kept, setKept] = useState(() => widths.parse(parseJson(localStorage.getItem(name) ?? '')));
  const keep = (key: string, width: number | undefined) => {
    const { [key]: _, ...others } = kept;
    const next = width === undefined ? others : { ...kept, [key]: Math.min(widest, Math.max(narrowest, width)) };
    localStorage.setItem(name, JSON.stringify(next));
    setKept(next);
  };
  return (key, label) => ({
    width: kept[key],
    edge: <Edge label={t('lists.width', { label })} onWidth={(width) => keep(key, width)} />,
  });
}

/** The edge of a header: it is dragged, or moved by the arrow keys; a double click or Enter frees the width. */
function Edge({ label, onWidth }: { label: string; onWidth: (width: number | undefined) => void }) {
  const widthOf = (edge: HTMLElement) => Math.round(edge.closest('th')?.offsetWidth ?? 0);
  function drag(event: PointerEvent<HTMLElement>) {
    const edge = event.currentTarget;
    const from = { x: event.clientX, width: widthOf(edge) };
    event.preventDefault();
    edge.setPointerCapture(event.pointerId);
    edge.onpointermove = (to) => onWidth(from.width + to.clientX - from.x);
    edge.onlostpointercapture = () => {
      edge.onpointermove = null;
    };
  }
  function press(event: KeyboardEvent<HTMLElement>) {
    const by = event.key === 'ArrowRight' ? step : event.key === 'ArrowLeft' ? -step : 0;
    if (!by && event.key !== 'Enter') return;
    event.preventDefault();
    onWidth(by ? widthOf(event.currentTarget) + by : undefined);
  }
  return (
    <span
      ref={(edge) => edge?.setAttribute('aria-valuenow', String(widthOf(edge)))}
      className="column-edge"
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuemin={narrowest}
      aria-valuemax={widest}
      aria-valuenow={0}
      tabIndex={0}
      onPointerDown={drag}
      onDoubleClick={() => onWidth(undefined)}
      onKeyDown={press}
    />
  );
}
