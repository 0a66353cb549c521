import { Button, Checkbox, Switch, TextInput, UnstyledButton } from '@mantine/core';
import { createColumnHelper, useTable } from '@tanstack/react-table';
import type { RowSelectionState } from '@tanstack/react-table';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { useChanging } from '../../../forms/use-changing.ts';
import { unreachableReason } from '../../../stores/cut-off.ts';
import { hasWords } from '../../../ui/by-words.ts';
import { PlusIcon } from '../../../ui/icons.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { adminWords as words } from '../../../words/administration.ts';
import { features } from './column.ts';
import type { Column } from './column.ts';
import styles from './record-list.module.css';

const rowHeight = 30;
const page = 15;
const inNaturalOrder = new Intl.Collator('en-US', { numeric: true });

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
  empty?: string | undefined;
  /** Whether records are added here; by default they are. */
  canAdd?: boolean;
  open: (ids: readonly string[]) => void;
  /** Null: records cannot be edited together. */
  openTogether: ((ids: readonly string[]) => void) | null;
  tools?: ReactNode;
};

export type RetiredWords = { readonly show: string; readonly mark: string };

/** The list of every page: search, sort, select, and open with Enter. Only the visible rows are in the DOM. */
export function RecordList<Item extends Record>(props: Props<Item>) {
  const {
    label,
    items,
    columns,
    isRetired,
    retiredWords,
    empty,
    canAdd = true,
    open,
    openTogether,
    tools,
  } = props;
  const [search, setSearch] = useState('');
  const [isRetiredShown, showRetired] = useState(false);
  const [rowSelection, setRowSelection] = useState<RowSelectionState>({});
  const field = useRef<HTMLInputElement>(null);
  const { changing } = useChanging(unreachableReason);
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
    initialState: { sorting: [{ id: columns[0]?.id ?? '', desc: false }] },
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
    <section className={styles.list} aria-label={label}>
      <div className={styles.bar}>
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
          <UnstyledButton className={styles.link} onClick={() => setRowSelection({})}>
            {words.clearSelection}
          </UnstyledButton>
        )}
        {tools}
        <span className={styles.gap} />
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
      {items === null && (
        <div className={styles.none}>
          <Skeleton label={words.loading} count={10} height={22} />
        </div>
      )}
      {items && available.length === 0 && <p className={styles.none}>{empty ?? words.empty}</p>}
      {available.length > 0 && data.length === 0 && (
        <p className={styles.none}>
          {words.noMatch}{' '}
          <UnstyledButton className={styles.link} onClick={clear}>
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
        sortFn: (a, b) => {
          const [one, other] = [sortBy(a.original), sortBy(b.original)];
          return typeof one === 'number' && typeof other === 'number'
            ? one - other
            : inNaturalOrder.compare(String(one), String(other));
        },
      }),
    ),
  );
};

type Table<Item extends Record> = ReturnType<typeof useTable<typeof features, Item>>;
const sorts = { asc: 'ascending', desc: 'descending' } as const;

function Grid<Item extends Record>({
  label,
  columns,
  nameOf,
  openIds,
  hasDraft,
  isRetired,
  retiredWords,
  isFirst,
  open,
  openTogether,
  table,
}: Props<Item> & { table: Table<Item> }) {
  const { rows: ordered } = table.getRowModel();
  const rows = isFirst
    ? ordered.toSorted((a, b) => Number(isFirst(b.original)) - Number(isFirst(a.original)))
    : ordered;
  const scroller = useRef<HTMLDivElement>(null);
  const [lastId, setLastId] = useState<string | null>(null);
  const [focusId, setFocusId] = useState<string | null>(null);
  const here = Math.max(
    0,
    rows.findIndex(({ id }) => id === lastId),
  );
  const shown = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    scrollPaddingStart: rowHeight,
    rangeExtractor: (range) => {
      const indexes = defaultRangeExtractor(range);
      return indexes.includes(here) ? indexes : [...indexes, here].toSorted((a, b) => a - b);
    },
  });
  useEffect(() => {
    if (focusId === null) return;
    scroller.current
      ?.querySelector<HTMLElement>(`[data-record="${focusId}"]`)
      ?.focus({ preventScroll: true });
    setFocusId(null);
  }, [focusId]);

  const goTo = (at: number) => {
    const to = Math.min(rows.length - 1, Math.max(0, at));
    const row = rows[to];
    if (!row) return;
    shown.scrollToIndex(to);
    setLastId(row.id);
    setFocusId(row.id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[here];
    const isOnRow = event.target instanceof HTMLElement && event.target.dataset['record'] !== undefined;
    if (!isOnRow || !row || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'ArrowDown') goTo(here + 1);
    else if (event.key === 'ArrowUp') goTo(here - 1);
    else if (event.key === 'PageDown') goTo(here + page);
    else if (event.key === 'PageUp') goTo(here - page);
    else if (event.key === 'Home') goTo(0);
    else if (event.key === 'End') goTo(rows.length - 1);
    else if (event.key === 'Enter') open([row.id]);
    else if (event.key === ' ' && openTogether) row.toggleSelected();
    else return;
    event.preventDefault();
  };

  const template = [...(openTogether ? ['34px'] : []), ...columns.map(({ width }) => width)].join(' ');
  return (
    <div ref={scroller} className={styles.scroller}>
      <div
        role="grid"
        className={styles.grid}
        aria-label={label}
        aria-rowcount={rows.length + 1}
        aria-multiselectable={openTogether !== null}
        style={{ '--columns': template } as object}
        onKeyDown={onKeyDown}
      >
        <div role="row" className={styles.head} aria-rowindex={1}>
          {openTogether && (
            <span role="columnheader">
              <Checkbox
                size="xs"
                aria-label={words.selectAll}
                checked={table.getIsAllRowsSelected()}
                indeterminate={table.getIsSomeRowsSelected()}
                onChange={(event) => table.toggleAllRowsSelected(event.currentTarget.checked)}
              />
            </span>
          )}
          {(table.getHeaderGroups()[0]?.headers ?? []).map(({ id, column }, at) => {
            const sorted = column.getIsSorted();
            return (
              <div key={id} role="columnheader" aria-sort={sorted === false ? 'none' : sorts[sorted]}>
                <UnstyledButton onClick={() => column.toggleSorting()}>
                  {columns[at]?.header}
                  <span aria-hidden="true">{sorted === 'asc' ? ' ▴' : sorted === 'desc' ? ' ▾' : ''}</span>
                </UnstyledButton>
              </div>
            );
          })}
        </div>
        <div role="presentation" className={styles.body} style={{ height: shown.getTotalSize() }}>
          {shown.getVirtualItems().map(({ index, start }) => {
            const row = rows[index];
            if (!row) return null;
            const { id, original: item } = row;
            return (
              <div
                key={id}
                role="row"
                className={styles.row}
                data-record={id}
                data-open={openIds.includes(id) || undefined}
                data-retired={isRetired?.(item) || undefined}
                aria-rowindex={index + 2}
                aria-selected={row.getIsSelected()}
                tabIndex={index === here ? 0 : -1}
                style={{ transform: `translateY(${start}px)` }}
                onFocus={() => setLastId(id)}
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
                {columns.map((column, at) => (
                  <span key={column.id} role="gridcell" title={String(column.read(item))}>
                    {column.cell?.(item) ?? column.read(item)}
                    {at === 0 && isRetired?.(item) && ` · ${retiredWords?.mark ?? words.retired}`}
                    {at === 0 && hasDraft(id) && (
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
          })}
        </div>
      </div>
    </div>
  );
}
