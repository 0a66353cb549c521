import { NativeSelect, TextInput, Tooltip, UnstyledButton } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { ariaKeys } from '../../actions/spelling.ts';
import { useEnabledKeys } from '../../forms/keys.tsx';
import { useChanging } from '../../forms/use-changing.ts';
import { boardStore, nameOf } from '../../stores/board.ts';
import { openDialog } from '../../stores/dialogs.ts';
import { placingStore } from '../../stores/placing.ts';
import { myScope } from '../../stores/session.ts';
import { setDepotOpen } from '../../stores/view.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { hasWords } from '../../ui/by-words.ts';
import { CloseIcon, PlusIcon } from '../../ui/icons.tsx';
import { useReturnFocus } from '../../ui/use-return-focus.ts';
import { numberOf } from '../../words/cases.ts';
import { depotWords as words } from '../../words/depot.ts';
import { DepotList } from './depot-list.tsx';
import { Legend } from './legend.tsx';
import { byPriority } from './order.ts';
import styles from './depot.module.css';

/** With fewer cases than this, no filter is shown. */
const minForFilter = 6;

/** Below this width the depot lies over the board. */
const isDrawer = () => window.matchMedia('(max-width: 1499.98px)').matches;

export function Depot() {
  const depot = useStore(boardStore, (state) => state.view?.board.depot ?? null);
  const hasFailed = useStore(boardStore, ({ failure }) => failure !== null);
  const [filter, setFilter] = useState('');
  const [service, setService] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const services = [...new Set(depot?.flatMap((item) => item.service ?? []))].toSorted();
  const chosenService = service !== '' && services.includes(service) ? service : '';
  const isFound = hasWords(filter);
  const shown = (depot ?? [])
    .filter((item) => chosenService === '' || item.service === chosenService)
    .filter((item) =>
      isFound(`${item.title ?? ''} ${nameOf(item.surgeonId)} ${numberOf(item)} ${item.service ?? ''}`),
    )
    .toSorted(byPriority);

  const { why, changing } = useChanging();
  const isEnabled = useEnabledKeys();
  useReturnFocus();
  // A case dragged out of the drawer needs the board under it.
  useEffect(
    () =>
      placingStore.subscribe(({ placing }) => {
        if (placing?.kind === 'depot' && isDrawer()) setDepotOpen(false);
      }),
    [],
  );

  return (
    <aside
      className={styles.depot}
      aria-label={words.title}
      data-depot
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented && isDrawer()) setDepotOpen(false);
      }}
    >
      <div className={styles.head}>
        <h2>
          {words.title}
          {depot !== null && depot.length > 0 && <span> · {words.toPlace(depot.length)}</span>}
        </h2>
        {myScope('case.schedule') === 'any' && (
          <Tooltip label={why ?? words.add} openDelay={300}>
            <UnstyledButton
              aria-label={words.add}
              aria-keyshortcuts={isEnabled('a') ? ariaKeys(['a']) : undefined}
              {...changing(() => openDialog({ kind: 'edit', caseId: null }))}
            >
              <PlusIcon />
            </UnstyledButton>
          </Tooltip>
        )}
        <UnstyledButton className={styles.close} aria-label={words.close} onClick={() => setDepotOpen(false)}>
          <CloseIcon />
        </UnstyledButton>
      </div>
      {depot !== null && depot.length >= minForFilter && (
        <search className={styles.filter}>
          <TextInput
            ref={field}
            size="xs"
            aria-label={words.filter}
            placeholder={words.filterHint}
            value={filter}
            onChange={(event) => setFilter(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Escape' || filter === '') return;
              event.preventDefault();
              setFilter('');
            }}
          />
          {services.length > 1 && (
            <NativeSelect
              size="xs"
              aria-label={words.service}
              value={chosenService}
              onChange={(event) => setService(event.currentTarget.value)}
              data={[
                { value: '', label: words.allServices },
                ...services.map((each) => ({ value: each, label: each })),
              ]}
            />
          )}
        </search>
      )}
      <div className={styles.scroll}>
        {depot === null &&
          (hasFailed ? (
            <p className={styles.empty}>{words.failed}</p>
          ) : (
            <Skeleton label={words.loading} count={4} height={52} />
          ))}
        {depot?.length === 0 && <p className={styles.empty}>{words.empty}</p>}
        {depot !== null && depot.length > 0 && shown.length === 0 && (
          <p className={styles.empty}>
            {words.noMatch}{' '}
            <UnstyledButton
              className={styles.clear}
              onClick={() => {
                setFilter('');
                setService('');
                // The button disappears together with its message.
                field.current?.focus();
              }}
            >
              {words.clearFilter}
            </UnstyledButton>
          </p>
        )}
        <DepotList items={shown} />
      </div>
      <Legend />
    </aside>
  );
}
