import {
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
} from '@tanstack/react-table';
import { compareCells } from '../../ui/table.tsx';
import { listWords as words } from '../../words/list.ts';
import type { Row } from './rows.ts';

export const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });
const helper = createColumnHelper<typeof features, Row>();
const name = words.columns;

export type ColumnId = keyof typeof name;

export const widths: Record<ColumnId, string> = {
  start: '106px',
  room: 'minmax(106px, 0.7fr)',
  number: '86px',
  title: 'minmax(150px, 2fr)',
  surgeon: 'minmax(100px, 0.8fr)',
  service: 'minmax(110px, 0.9fr)',
  state: 'minmax(120px, 1.4fr)',
  patient: 'minmax(126px, 0.7fr)',
  urgency: '84px',
  milestone: 'minmax(132px, 1fr)',
};

/** Returns a column with its sort key. The row renders the cell. */
const column = (id: ColumnId, read: (row: Row) => string | number) =>
  helper.accessor(read, {
    id,
    header: name[id],
    sortDescFirst: false,
    sortFn: (a, b) => compareCells(read(a.original), read(b.original)),
  });

export const allColumns = helper.columns([
  column('start', ({ start }) => start),
  column('room', ({ roomAt }) => roomAt),
  column('number', ({ item }) => item.number),
  column('title', ({ title }) => title),
  column('surgeon', ({ surgeon }) => surgeon),
  column('service', ({ service }) => service),
  column('state', ({ state }) => state),
  column('patient', ({ item }) => item.patientRef ?? ''),
  column('urgency', ({ urgencyRank }) => urgencyRank),
  column('milestone', ({ milestoneAt }) => milestoneAt),
]);
export const columnsWithoutPatient = allColumns.filter(({ id }) => id !== 'patient');
