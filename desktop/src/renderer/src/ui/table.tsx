import { UnstyledButton } from '@mantine/core';
import { inNaturalOrder } from '@slate/shared/resources';
import type { SortDirection } from '@tanstack/react-table';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import type { CSSProperties, KeyboardEvent, ReactNode } from 'react';
import styles from './table.module.css';

const rowHeight = 30;
const page = 15;

export const compareCells = (one: string | number, other: string | number) =>
  typeof one === 'number' && typeof other === 'number'
    ? one - other
    : inNaturalOrder(String(one), String(other));

/** The fields that every row needs. A row with `data-open` is marked as open, one with `data-off` is dimmed. */
export type RowProps = {
  role: 'row';
  className: string | undefined;
  'aria-rowindex': number;
  tabIndex: 0 | -1;
  style: CSSProperties;
  onFocus: () => void;
};

type Props = {
  label: string;
  /** Widths of CSS grid. */
  widths: readonly string[];
  minWidth: number;
  isMultiselectable?: boolean;
  /** The column headers. */
  head: ReactNode;
  /** One for each row; null for a heading between the rows. */
  ids: readonly (string | null)[];
  row: (at: number, props: RowProps) => ReactNode;
  heading?: (at: number, props: { style: CSSProperties; 'aria-rowindex': number }) => ReactNode;
  /** The other keys of a row. Returns whether it uses the key. */
  onKey: (key: string, id: string) => boolean;
  /** Alt with an arrow moves the row one place; without it, the rows can't be moved. */
  onMove?: ((id: string, step: 1 | -1) => void) | undefined;
};

/** A table with one tab stop. Only the visible rows and the focused one are in the DOM. */
export function Table(props: Props) {
  const { label, widths, minWidth, isMultiselectable, head, ids, row, heading, onKey, onMove } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [lastId, setLastId] = useState<string | null>(null);
  const [focusId, setFocusId] = useState<string | null>(null);
  const lastAt = lastId === null ? -1 : ids.indexOf(lastId);
  const here = lastAt >= 0 ? lastAt : ids.findIndex((id) => id !== null);
  const rows = useVirtualizer({
    count: ids.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    scrollPaddingStart: rowHeight,
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range);
      return here < 0 || shown.includes(here) ? shown : [...shown, here].toSorted((a, b) => a - b);
    },
  });

  useEffect(() => {
    if (focusId === null) return;
    scroller.current
      ?.querySelector<HTMLElement>(`[aria-rowindex="${ids.indexOf(focusId) + 2}"]`)
      ?.focus({ preventScroll: true });
    setFocusId(null);
  }, [focusId, ids]);

  const goTo = (target: number, step: 1 | -1) => {
    let to = Math.min(ids.length - 1, Math.max(0, target));
    while (ids[to] === null) to += step;
    const id = ids[to];
    if (id === null || id === undefined) return;
    rows.scrollToIndex(to);
    setLastId(id);
    setFocusId(id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const id = ids[here];
    const isOnRow = event.target instanceof HTMLElement && event.target.matches('[role="row"]');
    if (!isOnRow || id === null || id === undefined || event.ctrlKey || event.metaKey) return;
    if (event.altKey) {
      if (!onMove || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return;
      onMove(id, event.key === 'ArrowDown' ? 1 : -1);
    } else if (event.key === 'ArrowDown') goTo(here + 1, 1);
    else if (event.key === 'ArrowUp') goTo(here - 1, -1);
    else if (event.key === 'PageDown') goTo(here + page, -1);
    else if (event.key === 'PageUp') goTo(here - page, 1);
    else if (event.key === 'Home') goTo(0, 1);
    else if (event.key === 'End') goTo(ids.length - 1, -1);
    else if (!onKey(event.key, id)) return;
    event.preventDefault();
  };

  return (
    <div ref={scroller} className={styles.scroller}>
      <div
        role="grid"
        aria-label={label}
        aria-rowcount={ids.length + 1}
        aria-multiselectable={isMultiselectable}
        style={{ '--columns': widths.join(' '), minWidth } as CSSProperties}
        onKeyDown={onKeyDown}
      >
        <div role="row" className={styles.head} aria-rowindex={1}>
          {head}
        </div>
        <div role="presentation" className={styles.body} style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ index: at, start }) => {
            const id = ids[at];
            if (id === undefined) return null;
            const common = {
              'aria-rowindex': at + 2,
              style: { transform: `translateY(${start}px)` },
            };
            if (id === null) return heading?.(at, common);
            return row(at, {
              ...common,
              role: 'row',
              className: styles.row,
              tabIndex: at === here ? 0 : -1,
              onFocus: () => setLastId(id),
            });
          })}
        </div>
      </div>
    </div>
  );
}

const sorts = { asc: 'ascending', desc: 'descending' } as const;
type HeadProps = { children: string; sorted: SortDirection | false; sort: () => void };

/** The header of a column that the table is sorted by when it is pressed. */
export function SortableHead({ children, sorted, sort }: HeadProps) {
  return (
    <div role="columnheader" aria-sort={sorted === false ? 'none' : sorts[sorted]}>
      <UnstyledButton onClick={sort}>
        {children}
        <span aria-hidden="true">{sorted === 'asc' ? ' ▴' : sorted === 'desc' ? ' ▾' : ''}</span>
      </UnstyledButton>
    </div>
  );
}
