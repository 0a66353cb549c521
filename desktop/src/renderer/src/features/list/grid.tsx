import type { Header } from '@tanstack/react-table';
import { setInspectorOpen, select } from '../../stores/view.ts';
import { SortableHead, Table } from '../../ui/table.tsx';
import { listWords as words } from '../../words/list.ts';
import { widths } from './columns.ts';
import type { ColumnId, features } from './columns.ts';
import { CaseRow } from './case-row.tsx';
import type { Line, Row } from './rows.ts';
import styles from './list.module.css';

type Props = { lines: readonly Line[]; headers: readonly Header<typeof features, Row>[] };

const open = (id: string) => {
  select(id);
  setInspectorOpen(true);
};

export function Grid({ lines, headers }: Props) {
  const columns = headers.map(({ id }) => id as ColumnId);
  return (
    <Table
      label={words.columns.title}
      widths={columns.map((id) => widths[id])}
      minWidth={columns.includes('patient') ? 1134 : 1010}
      ids={lines.map((line) => (line.kind === 'case' ? line.row.item.id : null))}
      onKey={(key, id) => {
        if (key === 'Enter') open(id);
        return key === 'Enter';
      }}
      head={headers.map(({ id, column }) => (
        <SortableHead key={id} sorted={column.getIsSorted()} sort={() => column.toggleSorting()}>
          {words.columns[id as ColumnId]}
        </SortableHead>
      ))}
      row={(at, props) => {
        const line = lines[at];
        if (line?.kind !== 'case') return null;
        return <CaseRow key={line.row.item.id} row={line.row} columns={columns} open={open} {...props} />;
      }}
      heading={(at, props) => {
        const line = lines[at];
        if (line?.kind !== 'room') return null;
        return (
          <div key={`room ${line.name}`} role="row" className={styles.room} {...props}>
            <span role="gridcell" aria-colspan={headers.length}>
              {line.name} · {words.count(line.count, line.count)}
            </span>
          </div>
        );
      }}
    />
  );
}
