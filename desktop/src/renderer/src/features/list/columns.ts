import {
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
} from '@tanstack/react-table';
import { listWords as words } from '../../words/list.ts';
import { inNaturalOrder } from './rows.ts';
import type { Row } from './rows.ts';

export const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });
const helper = createColumnHelper<typeof features, Row>();
const name = words.columns;

export type ColumnId = keyof typeof name;

/** Returns a column with its sort key. The row renders the cell. */
const column = (id: ColumnId, read: (row: Row) => string | number) =>
  helper.accessor(read, {
    id,
    header: name[id],
    sortDescFirst: false,
    sortFn: (a, b) => {
      const [one, other] = [read(a.original), read(b.original)];
      return typeof one === 'number' && typeof other === 'number'
        ? one - other
        : inNaturalOrder.compare(String(one), String(other));
    },
  });

export const allColumns = helper.columns([
  column('start', ({ start }) => start),
  column('room', ({ room }) => room),
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
