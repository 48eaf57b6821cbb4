import { type PointerEvent, useState } from 'react';
import { z } from 'zod';
import { parseJson } from '#contract/wire/scalars';
import type { Column } from '../ui/DataTable.tsx';
import './widths.css';

/** In px, by the key of a column. */
const widths = z.record(z.string(), z.number()).catch({});
const narrowest = 64;
const widest = 800;
const step = 16;

/** The widths of a list's columns, which this browser keeps, and the edges and keys that change them. */
export function useWidths(list: string): (key: string) => Pick<Column<unknown>, 'width' | 'edge' | 'onKey'> {
  const name = `fieldbook.widths.${list}`;
  const [kept, setKept] = useState(() => widths.parse(parseJson(localStorage.getItem(name) ?? '')));
  const keep = (key: string, width: number | undefined) => {
    const { [key]: _, ...others } = kept;
    const next = width === undefined ? others : { ...kept, [key]: Math.min(widest, Math.max(narrowest, width)) };
    localStorage.setItem(name, JSON.stringify(next));
    setKept(next);
  };
  return (key) => ({
    width: kept[key],
    edge: <Edge onWidth={(width) => keep(key, width)} />,
    onKey(event) {
      const by = event.key === 'ArrowRight' ? step : event.key === 'ArrowLeft' ? -step : 0;
      if (!event.shiftKey || !(by || event.key === 'Enter')) return;
      event.preventDefault();
      keep(key, by ? event.currentTarget.offsetWidth + by : undefined);
    },
  });
}

/** The edge of a header. It is dragged; a double click frees the width. Keys do the same on the header. */
function Edge({ onWidth }: { onWidth: (width: number | undefined) => void }) {
  function drag(event: PointerEvent<HTMLElement>) {
    const edge = event.currentTarget;
    const from = { x: event.clientX, width: edge.parentElement?.offsetWidth ?? 0 };
    event.preventDefault();
    edge.setPointerCapture(event.pointerId);
    edge.onpointermove = (to) => onWidth(from.width + to.clientX - from.x);
    edge.onlostpointercapture = () => {
      edge.onpointermove = null;
    };
  }
  return <span className="column-edge" aria-hidden onPointerDown={drag} onDoubleClick={() => onWidth(undefined)} />;
}
