import type { CSSProperties, ReactNode } from 'react';
import { useStore } from 'zustand';
import { setInspectorOpen, select, viewStore, zoneNow } from '../../stores/view.ts';
import { StateGlyph } from '../../ui/state-glyph.tsx';
import { numberOf } from '../../words/cases.ts';
import { rangeOf } from '../../words/time.ts';
import type { ColumnId } from './columns.ts';
import type { Row } from './rows.ts';
import styles from './list.module.css';

type Props = {
  row: Row;
  columns: readonly ColumnId[];
  index: number;
  isTabStop: boolean;
  style: CSSProperties;
  onFocus: () => void;
};

export function CaseRow({ row, columns, index, isTabStop, style, onFocus }: Props) {
  const { id, state } = row.item;
  const isSelected = useStore(viewStore, ({ selectedId }) => selectedId === id);
  const open = () => {
    select(id);
    setInspectorOpen(true);
  };
  return (
    <div
      role="row"
      className={styles.row}
      data-case={id}
      data-off={state === 'cancelled' || undefined}
      aria-rowindex={index}
      aria-selected={isSelected}
      tabIndex={isTabStop ? 0 : -1}
      style={style}
      onFocus={onFocus}
      onClick={open}
      onKeyDown={(event) => {
        if (event.key !== 'Enter') return;
        event.preventDefault();
        open();
      }}
    >
      {columns.map((column) => (
        <span
          key={column}
          role="gridcell"
          data-column={column}
          // The tooltip shows text that does not fit.
          title={column === 'state' || column === 'title' ? row[column] : undefined}
        >
          {cell(column, row)}
        </span>
      ))}
    </div>
  );
}

function cell(column: ColumnId, row: Row): ReactNode {
  const { item } = row;
  if (column === 'start') return rangeOf(row.start, row.end, zoneNow());
  if (column === 'number') return numberOf(item);
  if (column === 'patient') return item.patientRef;
  // Screen readers do not announce the strikethrough, so the state column says it too.
  if (column === 'title') return item.state === 'cancelled' ? <s>{row.title}</s> : row.title;
  if (column !== 'state') return row[column];
  return (
    <>
      <StateGlyph look={row.look} /> {row.state}
    </>
  );
}
