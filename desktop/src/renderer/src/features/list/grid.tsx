import { UnstyledButton } from '@mantine/core';
import type { Header } from '@tanstack/react-table';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { listWords as words } from '../../words/list.ts';
import type { ColumnId, features } from './columns.ts';
import { CaseRow } from './case-row.tsx';
import type { Line, Row } from './rows.ts';
import styles from './list.module.css';

const rowHeight = 30;
const page = 15;

type Props = { lines: readonly Line[]; headers: readonly Header<typeof features, Row>[] };

/** Keeps only the visible rows and the focused one in the DOM. */
export function Grid({ lines, headers }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const [lastId, setLast] = useState<string | null>(null);
  const [focusId, setFocusId] = useState<string | null>(null);
  const caseAt = (at: number) => {
    const line = lines[at];
    return line?.kind === 'case' ? line.row.item.id : null;
  };
  const lastIndex = lines.findIndex((_, at) => lastId !== null && caseAt(at) === lastId);
  const here = lastIndex >= 0 ? lastIndex : lines.findIndex(({ kind }) => kind === 'case');
  const rows = useVirtualizer({
    count: lines.length,
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
    scroller.current?.querySelector<HTMLElement>(`[data-case="${focusId}"]`)?.focus({ preventScroll: true });
    setFocusId(null);
  }, [focusId]);

  const goTo = (at: number, step: 1 | -1) => {
    let to = Math.min(lines.length - 1, Math.max(0, at));
    while (lines[to]?.kind === 'room') to += step;
    const id = caseAt(to);
    if (id === null) return;
    rows.scrollToIndex(to);
    setLast(id);
    setFocusId(id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const onRow = event.target instanceof HTMLElement && event.target.dataset['case'] !== undefined;
    if (!onRow) return;
    if (event.key === 'ArrowDown') goTo(here + 1, 1);
    else if (event.key === 'ArrowUp') goTo(here - 1, here <= 1 ? 1 : -1);
    else if (event.key === 'PageDown') goTo(here + page, -1);
    else if (event.key === 'PageUp') goTo(here - page, 1);
    else if (event.key === 'Home') goTo(0, 1);
    else if (event.key === 'End') goTo(lines.length - 1, -1);
    else return;
    event.preventDefault();
  };

  return (
    <div ref={scroller} className={styles.scroller}>
      <div
        role="grid"
        className={styles.grid}
        aria-label={words.columns.title}
        aria-rowcount={lines.length + 1}
        data-patient={headers.some(({ id }) => id === 'patient') || undefined}
        onKeyDown={onKeyDown}
      >
        <div role="row" className={styles.head} aria-rowindex={1}>
          {headers.map((header) => (
            <ColumnHead key={header.id} header={header} />
          ))}
        </div>
        <div role="presentation" className={styles.body} style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ index, start }) => {
            const line = lines[index];
            if (!line) return null;
            const place = { transform: `translateY(${start}px)` };
            return line.kind === 'room' ? (
              <div
                key={`room ${line.name}`}
                role="row"
                aria-rowindex={index + 2}
                className={styles.room}
                style={place}
              >
                <span role="gridcell" aria-colspan={headers.length}>
                  {line.name} · {words.count(line.count, line.count)}
                </span>
              </div>
            ) : (
              <CaseRow
                key={line.row.item.id}
                row={line.row}
                columns={headers.map(({ id }) => id as ColumnId)}
                index={index + 2}
                isTabStop={index === here}
                style={place}
                onFocus={() => setLast(line.row.item.id)}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

const sorts = { asc: 'ascending', desc: 'descending' } as const;

function ColumnHead({ header }: { header: Header<typeof features, Row> }) {
  const { column } = header;
  const sorted = column.getIsSorted();
  return (
    <div role="columnheader" aria-sort={sorted === false ? 'none' : sorts[sorted]}>
      <UnstyledButton onClick={() => column.toggleSorting()}>
        {words.columns[header.id as ColumnId]}
        <span aria-hidden="true">{sorted === 'asc' ? ' ▴' : sorted === 'desc' ? ' ▾' : ''}</span>
      </UnstyledButton>
    </div>
  );
}
