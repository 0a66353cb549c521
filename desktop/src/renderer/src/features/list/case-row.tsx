import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { viewStore, zoneNow } from '../../stores/view.ts';
import { StateGlyph } from '../../ui/state-glyph.tsx';
import type { RowProps } from '../../ui/table.tsx';
import { numberOf } from '../../words/cases.ts';
import { rangeOf } from '../../words/time.ts';
import type { ColumnId } from './columns.ts';
import type { Row } from './rows.ts';
import styles from './list.module.css';

type Props = RowProps & { row: Row; columns: readonly ColumnId[]; open: (id: string) => void };

export function CaseRow({ row, columns, open, ...props }: Props) {
  const { id, state } = row.item;
  const isSelected = useStore(viewStore, ({ selectedId }) => selectedId === id);
  return (
    <div
      {...props}
      data-case={id}
      data-open={isSelected || undefined}
      data-off={state === 'cancelled' || undefined}
      aria-selected={isSelected}
      onClick={() => open(id)}
    >
      {columns.map((column) => (
        <span
          key={column}
          role="gridcell"
          className={styles[column]}
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
