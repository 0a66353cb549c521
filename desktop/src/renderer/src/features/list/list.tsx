import { Switch, TextInput, UnstyledButton } from '@mantine/core';
import { useTable } from '@tanstack/react-table';
import { useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { boardStore } from '../../stores/board.ts';
import { useNow } from '../../stores/clock.ts';
import { myScope } from '../../stores/session.ts';
import { viewStore } from '../../stores/view.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import tableStyles from '../../ui/table.module.css';
import { listWords as words } from '../../words/list.ts';
import { dateWords } from '../../words/time.ts';
import { allColumns, columnsWithoutPatient, features } from './columns.ts';
import { Grid } from './grid.tsx';
import { linesOf, filterRows, rowsOf } from './rows.ts';
import type { Row } from './rows.ts';

const none: Row[] = [];

/** The list of all cases of the day, to search and sort. */
export function CaseList() {
  const view = useStore(boardStore, (state) => state.view);
  const date = useStore(viewStore, (state) => state.date);
  const now = useNow(60_000);
  const [filter, setFilter] = useState('');
  const [isByRoom, groupByRoom] = useState(false);
  const all = useMemo(() => (view ? rowsOf(view, now) : none), [view, now]);
  const data = useMemo(() => filterRows(all, filter), [all, filter]);
  const columns = myScope('patients.read') === 'none' ? columnsWithoutPatient : allColumns;
  const table = useTable({
    features,
    columns,
    data,
    getRowId: ({ item }) => item.id,
    enableSortingRemoval: false,
    initialState: { sorting: [{ id: 'start', desc: false }] },
  });
  const lines = linesOf(
    table.getRowModel().rows.map(({ original }) => original),
    isByRoom,
  );
  const field = useRef<HTMLInputElement>(null);
  // The button disappears together with its message.
  const clear = () => {
    setFilter('');
    field.current?.focus();
  };

  return (
    <div className={tableStyles.page}>
      <div className={tableStyles.bar}>
        <h2>{words.title(dateWords(date))}</h2>
        <span role="status">{view && words.count(data.length, all.length)}</span>
        <span className={tableStyles.gap} />
        <Switch
          size="xs"
          label={words.byRoom}
          checked={isByRoom}
          onChange={(event) => groupByRoom(event.currentTarget.checked)}
        />
        <TextInput
          ref={field}
          size="xs"
          w={250}
          aria-label={words.filter}
          placeholder={words.filterHint}
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') clear();
          }}
        />
      </div>
      {!view && (
        <div className={tableStyles.none}>
          <Skeleton label={words.loading} count={12} height={22} />
        </div>
      )}
      {view && all.length === 0 && <p className={tableStyles.none}>{words.empty}</p>}
      {view && all.length > 0 && data.length === 0 && (
        <p className={tableStyles.none}>
          {words.noMatch}{' '}
          <UnstyledButton className={tableStyles.link} onClick={clear}>
            {words.clearFilter}
          </UnstyledButton>
        </p>
      )}
      {data.length > 0 && <Grid lines={lines} headers={table.getHeaderGroups()[0]?.headers ?? []} />}
    </div>
  );
}
