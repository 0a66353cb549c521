import { byPosition } from '@slate/shared/resources';
import { Button } from '@mantine/core';
import { plansOf } from '@slate/shared/block-templates';
import type { BlockTemplate } from '@slate/shared/block-templates';
import { addDays, weekdayOf } from '@slate/shared/time';
import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { useChanging } from '../../../forms/use-changing.ts';
import { administrationStore, draftKey, openRecords } from '../../../stores/administration.ts';
import { nameOf } from '../../../stores/board.ts';
import { toastIfCutOff, unreachableReason } from '../../../stores/cut-off.ts';
import { today } from '../../../stores/view.ts';
import { PlusIcon } from '../../../ui/icons.tsx';
import { ReturnFocus } from '../../../ui/return-focus.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import tableStyles from '../../../ui/table.module.css';
import { adminWords } from '../../../words/administration.ts';
import { blockWords as words } from '../../../words/blocks.ts';
import { ruleWords } from '../../../words/rules.ts';
import { FailedPage } from '../frame/failed-page.tsx';
import { useResources } from '../frame/resources.ts';
import styles from './blocks.module.css';
import { TemplatePanel } from './template-panel.tsx';
import type { Drawn } from './template-panel.tsx';
import { useRules } from '../frame/use-rules.ts';
import { blockRules } from './block-rules.ts';
import { WeekGrid } from './week-grid.tsx';

const mondayOf = (date: string) => addDays(date, 1 - weekdayOf(date));

/** The blocks of a week, drawn from the templates, and the form of one template. */
export function Blocks() {
  const { rules, hasFailed, reload } = useRules(blockRules);
  const all = useResources('room');
  const open = useStore(administrationStore, (state) => state.open);
  const { changing } = useChanging(unreachableReason);
  const [monday, setMonday] = useState(() => mondayOf(today()));
  const [drawn, setDrawn] = useState<Drawn | null>(null);
  const rooms = useMemo(() => (all ?? []).filter(({ active }) => active).toSorted(byPosition), [all]);

  const add = (block: Omit<Drawn, 'from'>) => {
    if (toastIfCutOff(unreachableReason())) return;
    setDrawn({ ...block, from: today() > monday ? today() : monday });
    openRecords([]);
  };
  const [firstRoom] = rooms;
  const addFirst = () => firstRoom && add({ roomId: firstRoom.id, weekday: 1, start: '07:00', end: '15:00' });
  const fallback: Drawn = {
    roomId: firstRoom?.id ?? '',
    weekday: 1,
    start: '07:00',
    end: '15:00',
    from: today(),
  };

  return (
    <>
      <section className={tableStyles.page} aria-label={adminWords.page.blocks}>
        <div className={tableStyles.bar}>
          <h2>{adminWords.page.blocks}</h2>
          <Button size="compact-xs" variant="default" onClick={() => setMonday(addDays(monday, -7))}>
            ‹ {words.weekBefore}
          </Button>
          <span aria-live="polite">{words.weekOf(monday)}</span>
          <Button size="compact-xs" variant="default" onClick={() => setMonday(addDays(monday, 7))}>
            {words.weekAfter} ›
          </Button>
          <Button size="compact-xs" variant="default" onClick={() => setMonday(mondayOf(today()))}>
            {words.thisWeek}
          </Button>
          <span className={tableStyles.gap} />
          <Button size="compact-sm" leftSection={<PlusIcon />} {...changing(addFirst)}>
            {adminWords.add}
          </Button>
          <p className={styles.help}>{words.gridHelp}</p>
        </div>
        {!rules && hasFailed && <FailedPage title={words.failed} retry={reload} />}
        {((!rules && !hasFailed) || all === null) && (
          <Skeleton label={words.loading} count={10} height={36} />
        )}
        {rules && all && rooms.length === 0 && <p className={tableStyles.bar}>{words.noRooms}</p>}
        {rules && rooms.length > 0 && (
          <>
            <WeekGrid
              label={words.weekOf(monday)}
              rooms={rooms}
              templates={rules.templates}
              holidays={rules.holidays}
              monday={monday}
              openIds={open ?? []}
              open={(id) => openRecords([id])}
              add={add}
            />
            <Elsewhere templates={rules.templates} monday={monday} />
          </>
        )}
      </section>
      {open && rules && (
        <ReturnFocus key={draftKey('blocks', open)}>
          <TemplatePanel ids={open} templates={rules.templates} drawn={drawn ?? fallback} />
        </ReturnFocus>
      )}
    </>
  );
}

/** The templates without a block in this week. */
function Elsewhere({ templates, monday }: { templates: readonly BlockTemplate[]; monday: string }) {
  const days = { from: monday, until: addDays(monday, 6) };
  const others = templates.filter((template) => plansOf(template, [], days).length === 0);
  if (others.length === 0) return null;
  return (
    <section className={styles.elsewhere}>
      <h3>{words.notThisWeek}</h3>
      <ul>
        {others.map(({ id, plan, recurrence }) => (
          <li key={id}>
            <Button size="compact-xs" variant="default" onClick={() => openRecords([id])}>
              {words.elsewhere(
                nameOf(plan.roomId),
                plan.service,
                ruleWords.weekdayNames(recurrence.weekdays),
              )}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
