import { useSearchParams } from 'react-router';
import type { SortState } from './ui/DataTable.tsx';

// The sort of a list, in its URL.

export interface Sort {
  field: string;
  descending: boolean;
}

export function sortOf(params: URLSearchParams): Sort | undefined {
  const sort = params.get('sort');
  return sort ? { field: sort.replace(/^-/, ''), descending: sort.startsWith('-') } : undefined;
}

/** A changed list starts on its first page. */
export function fromStart(params: URLSearchParams): URLSearchParams {
  params.delete('page');
  params.delete('cursor');
  return params;
}

export function withSort(params: URLSearchParams, sort: Sort | undefined): URLSearchParams {
  if (sort) params.set('sort', `${sort.descending ? '-' : ''}${sort.field}`);
  else params.delete('sort');
  return fromStart(params);
}

/** The sort, and what a click on a header does to it: ascending, descending, then unsorted. */
export function useSort(): { sort: Sort | undefined; sortBy: (field: string) => SortState } {
  const [params, setParams] = useSearchParams();
  const sort = sortOf(params);
  const sortBy = (field: string): SortState => {
    const mine = sort?.field === field ? sort : undefined;
    const next = !mine ? { field, descending: false } : mine.descending ? undefined : { field, descending: true };
    return {
      direction: mine && (mine.descending ? 'descending' : 'ascending'),
      onSort: () => setParams((now) => withSort(now, next)),
    };
  };
  return { sort, sortBy };
}
