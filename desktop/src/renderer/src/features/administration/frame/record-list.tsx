import { Button, Checkbox, Switch, TextInput, UnstyledButton } from '@mantine/core';
import { createColumnHelper, useTable } from '@tanstack/react-table';
import type { RowSelectionState } from '@tanstack/react-table';
import { useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { exportList, shownList } from '../../../commands/transfer.ts';
import { useChanging } from '../../../forms/use-changing.ts';
import { administrationStore } from '../../../stores/administration.ts';
import { unreachableReason } from '../../../stores/cut-off.ts';
import { hasWords } from '../../../ui/by-words.ts';
import { PlusIcon } from '../../../ui/icons.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { compareCells, SortableHead, Table } from '../../../ui/table.tsx';
import tableStyles from '../../../ui/table.module.css';
import { adminWords as words } from '../../../words/administration.ts';
import { features } from './column.ts';
import type { Column } from './column.ts';
import styles from './record-list.module.css';

type Record = { readonly id: string };
type Props<Item extends Record> = {
  label: string;
  /** Null: not loaded yet. */
  items: readonly Item[] | null;
  columns: readonly Column<Item>[];
  nameOf: (item: Item) => string;
  /** The records in the open form. */
  openIds: readonly string[];
  /** The records with entries that are not saved. */
  hasDraft: (id: string) => boolean;
  isRetired?: ((item: Item) => boolean) | undefined;
  retiredWords?: RetiredWords | undefined;
  /** Shown above the others, however the list is sorted. */
  isFirst?: ((item: Item) => boolean) | undefined;
  order?: Order | undefined;
  empty?: string | undefined;
  /** Whether records are added here; by default they are. */
  canAdd?: boolean;
  open: (ids: readonly string[]) => void;
  /** Null: records cannot be edited together. */
  openTogether: ((ids: readonly string[]) => void) | null;
  /** More buttons beside the title. */
  tools?: ReactNode;
  /** Between the title and the list. */
  above?: ReactNode;
  /** Shown while there are no items because they did not load. */
  failed?: ReactNode;
};

/** A column with the order that people give the records; the list opens sorted by it. */
export type Order = { readonly column: string; readonly move: (id: string, step: 1 | -1) => void };

export type RetiredWords = { readonly show: string; readonly mark: string };

/** The list of every page: search, sort, select, and open with Enter. Only the visible rows are in the DOM. */
export function RecordList<Item extends Record>(props: Props<Item>) {
  const {
    label,
    items,
    columns,
    isRetired,
    retiredWords,
    order,
    empty,
    canAdd = true,
    open,
    openTogether,
    tools,
    above,
    failed,
  } = props;
  const [search, setSearch] = useState('');
  const [isRetiredShown, showRetired] = useState(false);
  const [rowSelection, setRowSelection] = useState<RowSelectionState>({});
  const field = useRef<HTMLInputElement>(null);
  const { changing } = useChanging(unreachableReason);
  const exported = useStore(administrationStore, shownList);
  const available = useMemo(
    () => (items ?? []).filter((item) => isRetiredShown || !isRetired?.(item)),
    [items, isRetired, isRetiredShown],
  );
  const data = useMemo(() => {
    const isFound = hasWords(search);
    return available.filter((item) => isFound(columns.map(({ read }) => read(item)).join(' ')));
  }, [available, columns, search]);
  const table = useTable({
    features,
    columns: useMemo(() => columnsOf(columns), [columns]),
    data,
    getRowId: ({ id }) => id,
    enableSortingRemoval: false,
    initialState: { sorting: [{ id: order?.column ?? columns[0]?.id ?? '', desc: false }] },
    state: { rowSelection },
    onRowSelectionChange: setRowSelection,
  });
  // A row that a search hides is not edited.
  const selected = table.getSelectedRowModel().rows.map(({ id }) => id);
  const clear = () => {
    setSearch('');
    field.current?.focus();
  };

  return (
    <section className={tableStyles.page} aria-label={label}>
      <div className={tableStyles.bar}>
        <h2>{label}</h2>
        <span role="status">{items && words.count(data.length, available.length)}</span>
        {canAdd && (
          <Button size="compact-sm" leftSection={<PlusIcon />} data-admin-add {...changing(() => open([]))}>
            {words.add}
          </Button>
        )}
        {openTogether && selected.length > 1 && (
          <Button size="compact-sm" variant="default" {...changing(() => openTogether(selected))}>
            {words.editSelected(selected.length)}
          </Button>
        )}
        {selected.length > 0 && (
          <UnstyledButton className={tableStyles.link} onClick={() => setRowSelection({})}>
            {words.clearSelection}
          </UnstyledButton>
        )}
        {tools}
        {exported && items !== null && items.length > 0 && (
          <Button size="compact-sm" variant="default" {...changing(() => void exportList(exported))}>
            {words.export}
          </Button>
        )}
        <span className={tableStyles.gap} />
        {isRetired && (
          <Switch
            size="xs"
            label={retiredWords?.show ?? words.showRetired}
            checked={isRetiredShown}
            onChange={(event) => showRetired(event.currentTarget.checked)}
          />
        )}
        <TextInput
          ref={field}
          size="xs"
          w={200}
          aria-label={words.search}
          placeholder={words.searchHint}
          data-admin-search
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') clear();
          }}
        />
      </div>
      {above}
      {items === null &&
        (failed || (
          <div className={tableStyles.none}>
            <Skeleton label={words.loading} count={10} height={22} />
          </div>
        ))}
      {items && available.length === 0 && <p className={tableStyles.none}>{empty ?? words.empty}</p>}
      {available.length > 0 && data.length === 0 && (
        <p className={tableStyles.none}>
          {words.noMatch}{' '}
          <UnstyledButton className={tableStyles.link} onClick={clear}>
            {words.clearSearch}
          </UnstyledButton>
        </p>
      )}
      {data.length > 0 && <Grid {...props} table={table} />}
    </section>
  );
}

const columnsOf = <Item extends Record>(columns: readonly Column<Item>[]) => {
  const helper = createColumnHelper<typeof features, Item>();
  return helper.columns(
    columns.map(({ id, header, read, sortBy = read }) =>
      helper.accessor(read, {
        id,
        header,
        sortDescFirst: false,
        sortFn: (a, b) => compareCells(sortBy(a.original), sortBy(b.original)),
      }),
    ),
  );
};

type RecordTable<Item extends Record> = ReturnType<typeof useTable<typeof features, Item>>;

function Grid<Item extends Record>({
  label,
  columns,
  nameOf,
  openIds,
  hasDraft,
  isRetired,
  retiredWords,
  isFirst,
  order,
  open,
  openTogether,
  table,
}: Props<Item> & { table: RecordTable<Item> }) {
  const { rows: ordered } = table.getRowModel();
  const rows = isFirst
    ? ordered.toSorted((a, b) => Number(isFirst(b.original)) - Number(isFirst(a.original)))
    : ordered;
  return (
    <Table
      label={label}
      widths={[...(openTogether ? ['34px'] : []), ...columns.map(({ width }) => width)]}
      minWidth={640}
      isMultiselectable={openTogether !== null}
      ids={rows.map(({ id }) => id)}
      onKey={(key, id) => {
        if (key === 'Enter') open([id]);
        else if (key === ' ' && openTogether) table.getRow(id).toggleSelected();
        else return false;
        return true;
      }}
      onMove={order && table.getColumn(order.column)?.getIsSorted() === 'asc' ? order.move : undefined}
      head={
        <>
          {openTogether && (
            <span role="columnheader" className={styles.check}>
              <Checkbox
                size="xs"
                aria-label={words.selectAll}
                checked={table.getIsAllRowsSelected()}
                indeterminate={table.getIsSomeRowsSelected() && !table.getIsAllRowsSelected()}
                onChange={(event) => table.toggleAllRowsSelected(event.currentTarget.checked)}
              />
            </span>
          )}
          {(table.getHeaderGroups()[0]?.headers ?? []).map(({ id, column }, at) => (
            <SortableHead key={id} sorted={column.getIsSorted()} sort={() => column.toggleSorting()}>
              {columns[at]?.header ?? ''}
            </SortableHead>
          ))}
        </>
      }
      row={(at, props) => {
        const row = rows[at];
        if (!row) return null;
        const { id, original: item } = row;
        return (
          <div
            key={id}
            {...props}
            data-record={id}
            data-open={openIds.includes(id) || undefined}
            data-off={isRetired?.(item) || undefined}
            aria-selected={row.getIsSelected()}
            onClick={() => open([id])}
          >
            {openTogether && (
              <span role="gridcell" className={styles.check}>
                <Checkbox
                  size="xs"
                  tabIndex={-1}
                  aria-label={words.select(nameOf(item))}
                  checked={row.getIsSelected()}
                  onChange={() => row.toggleSelected()}
                  onClick={(event) => event.stopPropagation()}
                />
              </span>
            )}
            {columns.map((column, index) => (
              <span key={column.id} role="gridcell" title={String(column.read(item))}>
                {column.cell?.(item) ?? column.read(item)}
                {index === 0 && isRetired?.(item) && ` · ${retiredWords?.mark ?? words.retired}`}
                {index === 0 && hasDraft(id) && (
                  <span
                    className={styles.unsaved}
                    role="img"
                    aria-label={words.unsaved}
                    title={words.unsaved}
                  >
                    {' '}
                    ●
                  </span>
                )}
              </span>
            ))}
          </div>
        );
      }}
    />
  );
}
