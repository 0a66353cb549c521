import { UnstyledButton, VisuallyHidden } from '@mantine/core';
import { plansOf } from '@slate/shared/block-templates';
import type { BlockPlan, BlockTemplate, Holiday } from '@slate/shared/block-templates';
import type { Resource } from '@slate/shared/resources';
import { surgeonsOf } from '@slate/shared/sites';
import { addDays } from '@slate/shared/time';
import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';
import { nameOf } from '../../../stores/board.ts';
import tableStyles from '../../../ui/table.module.css';
import { blockWords as words } from '../../../words/blocks.ts';
import { ruleWords } from '../../../words/rules.ts';
import { dayWords } from '../../../words/time.ts';
import styles from './blocks.module.css';
import type { Drawn } from './template-panel.tsx';

type Props = {
  label: string;
  rooms: readonly Resource[];
  templates: readonly BlockTemplate[];
  holidays: readonly Holiday[];
  monday: string;
  openIds: readonly string[];
  open: (id: string) => void;
  add: (drawn: Omit<Drawn, 'from'>) => void;
};

const step = 15;
const minutesOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
const clockOf = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

type Item = { template: BlockTemplate; date: string; plan: BlockPlan; isException: boolean };

/** The blocks of a week: rooms by weekdays, each day drawn along its hours. One tab stop; arrows move between the days. */
export function WeekGrid({ label, rooms, templates, holidays, monday, openIds, open, add }: Props) {
  const dates = Array.from({ length: 7 }, (_, index) => addDays(monday, index));
  const items = templates.flatMap((template) =>
    plansOf(template, holidays, { from: monday, until: addDays(monday, 6) }).map(({ date, plan }): Item => ({
      template,
      date,
      plan,
      isException: template.exceptions.some((each) => each.date === date),
    })),
  );
  const first = Math.min(6 * 60, ...items.map(({ plan }) => minutesOf(plan.start)));
  const last = Math.max(20 * 60, ...items.map(({ plan }) => minutesOf(plan.end)));
  const place = (start: number, end: number) => ({
    left: `${((start - first) / (last - first)) * 100}%`,
    width: `${((end - start) / (last - first)) * 100}%`,
  });

  const [here, setHere] = useState({ row: 0, column: 0 });
  const grid = useRef<HTMLDivElement>(null);
  const hasMoved = useRef(false);
  useEffect(() => {
    if (!hasMoved.current) return;
    grid.current?.querySelector<HTMLElement>(`[data-cell="${here.row} ${here.column}"]`)?.focus();
  }, [here]);
  const onKeyDown = (event: KeyboardEvent) => {
    const { target } = event;
    if (!(target instanceof HTMLElement) || target.dataset['cell'] === undefined) return;
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const { row, column } = here;
    const to = {
      ArrowDown: { row: row + 1, column },
      ArrowUp: { row: row - 1, column },
      ArrowRight: { row, column: column + 1 },
      ArrowLeft: { row, column: column - 1 },
      Home: { row, column: 0 },
      End: { row, column: 6 },
    }[event.key];
    if (to) {
      hasMoved.current = true;
      setHere({
        row: Math.min(rooms.length - 1, Math.max(0, to.row)),
        column: Math.min(6, Math.max(0, to.column)),
      });
    } else if (event.key === 'Enter') {
      const room = rooms[row];
      if (room) add({ roomId: room.id, weekday: column + 1, ...usualHours(room, column + 1) });
    } else return;
    event.preventDefault();
  };

  return (
    <div className={tableStyles.scroller}>
      <div ref={grid} role="grid" className={styles.grid} aria-label={label} onKeyDown={onKeyDown}>
        <div role="row" className={styles.head}>
          <span role="columnheader">{words.room}</span>
          {dates.map((date) => {
            const off = holidays.filter((each) => each.date === date);
            return (
              <span key={date} role="columnheader">
                {dayWords(date)}
                {off.map(({ id, name }) => (
                  <span key={id} className={styles.holiday}>
                    {words.holiday(name)}
                  </span>
                ))}
              </span>
            );
          })}
        </div>
        {rooms.map((room, row) => (
          <div key={room.id} role="row" className={styles.row}>
            <span role="rowheader" className={styles.room}>
              {room.name}
            </span>
            {dates.map((date, column) => {
              const inCell = items.filter((item) => item.date === date && item.plan.roomId === room.id);
              const isHere = here.row === row && here.column === column;
              return (
                <Day
                  key={date}
                  cell={`${row} ${column}`}
                  label={words.cell(room.name, ruleWords.weekdays[column] ?? '', inCell.length)}
                  isHere={isHere}
                  range={[first, last]}
                  place={place}
                  focused={() => setHere({ row, column })}
                  draw={(start, end) => add({ roomId: room.id, weekday: column + 1, start, end })}
                >
                  {inCell.map(({ template, plan, isException }) => {
                    const { everyWeeks } = template.recurrence;
                    const notes = [
                      ...(isException ? [words.exceptional] : []),
                      ...(everyWeeks > 1 && !isException ? [ruleWords.everyWeeks(everyWeeks)] : []),
                    ];
                    const times = words.times(plan.start, plan.end, notes);
                    const owners = [...surgeonsOf(plan), ...(plan.listId === null ? [] : [plan.listId])];
                    const owner = words.owner(plan.service, owners.map(nameOf));
                    return (
                      <UnstyledButton
                        key={template.id}
                        className={styles.block}
                        style={place(minutesOf(plan.start), minutesOf(plan.end))}
                        data-exception={isException || undefined}
                        data-open={openIds.includes(template.id) || undefined}
                        tabIndex={isHere ? 0 : -1}
                        title={`${owner} ${times}`}
                        onClick={() => open(template.id)}
                      >
                        <span>{owner}</span> <span>{times}</span>
                      </UnstyledButton>
                    );
                  })}
                </Day>
              );
            })}
          </div>
        ))}
      </div>
    </div>
  );
}

function usualHours({ attributes: { hours = [] } }: Resource, weekday: number) {
  const usual = hours.find(({ days }) => days.includes(weekday));
  return { start: usual?.open ?? '07:00', end: usual?.close ?? '15:00' };
}

type DayProps = {
  cell: string;
  label: string;
  isHere: boolean;
  range: readonly [first: number, last: number];
  place: (start: number, end: number) => { left: string; width: string };
  focused: () => void;
  draw: (start: string, end: string) => void;
  children: React.ReactNode;
};

/** A day of a room. A drag over its free time draws a block. */
function Day({ cell, label, isHere, range: [first, last], place, focused, draw, children }: DayProps) {
  const [drawn, setDrawn] = useState<{ from: number; to: number } | null>(null);
  const minuteAt = ({ currentTarget, clientX }: PointerEvent<HTMLElement>) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    const minutes = first + ((clientX - left) / width) * (last - first);
    return Math.min(last, Math.max(first, Math.round(minutes / step) * step));
  };
  const [start, end] = drawn ? [Math.min(drawn.from, drawn.to), Math.max(drawn.from, drawn.to)] : [0, 0];
  return (
    <div
      role="gridcell"
      className={styles.cell}
      data-cell={cell}
      tabIndex={isHere ? 0 : -1}
      onFocus={focused}
      onPointerDown={(event) => {
        if (event.button !== 0 || event.target !== event.currentTarget) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        const from = minuteAt(event);
        setDrawn({ from, to: from });
      }}
      onPointerMove={(event) => drawn && setDrawn({ ...drawn, to: minuteAt(event) })}
      onPointerCancel={() => setDrawn(null)}
      onPointerUp={() => {
        setDrawn(null);
        if (drawn && end > start) draw(clockOf(start), clockOf(end));
      }}
    >
      <VisuallyHidden>{label}</VisuallyHidden>
      {children}
      {drawn && <div className={styles.drawing} style={place(start, end)} />}
    </div>
  );
}
