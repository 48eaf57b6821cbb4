import { ArrowDown, ArrowUp } from 'lucide-react';
import type { ComponentType, CSSProperties, KeyboardEvent, ReactNode } from 'react';
import './DataTable.css';

/** The sort of a column, and what a click on its header does. */
export interface SortState {
  direction: 'ascending' | 'descending' | undefined;
  onSort: () => void;
}

export interface Column<R> {
  key: string;
  title: ReactNode;
  /** The label of the value when the table shows cards. */
  card?: string;
  className?: string;
  /** In px; otherwise as its cells need. */
  width?: number | undefined;
  /** Stands at the end of its header. */
  edge?: ReactNode;
  /** What keys do on its header. */
  onKey?: (event: KeyboardEvent<HTMLElement>) => void;
  /** Absent if rows can't be sorted by it. */
  sort?: SortState;
  render: (row: R) => ReactNode;
}

/** A table with skeletons while it loads, and cards on a narrow screen. */
export function DataTable<R>({
  label,
  columns,
  rows,
  rowKey,
  className = '',
  Row = PlainRow,
  isWide = false,
}: {
  label: string;
  columns: Column<R>[];
  /** Undefined while loading. */
  rows: R[] | undefined;
  rowKey: (row: R) => string;
  className?: string;
  /** What draws a row, where that is more than a row. */
  Row?: ComponentType<{ id: string; children: ReactNode }>;
  /** The table scrolls sideways; its first column stays. */
  isWide?: boolean;
}) {
  return (
    <div className={isWide ? 'table-frame wide' : 'table-frame'}>
      <table className={`table ${className}`} aria-label={label} aria-busy={!rows}>
        <thead>
          <tr>
            {columns.map(({ key, title, className, sort, width, edge, onKey }) => (
              <th
                key={key}
                scope="col"
                className={className}
                style={{ width }}
                aria-sort={sort?.direction}
                onKeyDown={onKey}
              >
                {sort ? <SortButton {...sort}>{title}</SortButton> : title}
                {edge}
              </th>
            ))}
          </tr>
        </thead>
        <tbody onKeyDown={stepRows}>
          {rows
            ? rows.map((row) => (
                <Row key={rowKey(row)} id={rowKey(row)}>
                  {columns.map(({ key, card, className, width, render }) => (
                    <td key={key} className={className} style={varOf(width)} data-title={card}>
                      {render(row)}
                    </td>
                  ))}
                </Row>
              ))
            : skeletons.map((width) => (
                <tr key={width}>
                  {columns.map(({ key, className }, index) => (
                    <td key={key} className={className}>
                      <span
                        className="skeleton"
                        style={{ width: index ? `${width - 20}%` : `${width}%`, margin: '11px 0' }}
                      />
                    </td>
                  ))}
                </tr>
              ))}
        </tbody>
      </table>
    </div>
  );
}

/** What a cell cuts short, it cuts at the width of its column. */
const varOf = (width: number | undefined) =>
  width ? ({ '--column-width': `${width}px` } as CSSProperties) : undefined;

/** The arrow keys move between the links of the rows. */
function stepRows(event: KeyboardEvent<HTMLElement>): void {
  const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('.row-link')];
  const at = links.indexOf(event.target as HTMLElement);
  const next = by && at >= 0 ? links[at + by] : undefined;
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function SortButton({ direction, onSort, children }: SortState & { children: ReactNode }) {
  const Icon = direction === 'descending' ? ArrowDown : ArrowUp;
  return (
    <button type="button" className="sort-button" onClick={onSort}>
      {children}
      <Icon className="icon" aria-hidden data-shown={direction !== undefined} />
    </button>
  );
}

function PlainRow({ children }: { children: ReactNode }) {
  return <tr>{children}</tr>;
}

const skeletons = [78, 64, 82, 58, 70, 62, 76, 68];
