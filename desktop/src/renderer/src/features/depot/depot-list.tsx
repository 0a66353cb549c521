import { UnstyledButton } from '@mantine/core';
import type { Case, Urgency } from '@slate/shared/cases';
import { memo, useRef, useState } from 'react';
import type { FocusEvent, KeyboardEvent } from 'react';
import { useStore } from 'zustand';
import { nameOf } from '../../stores/board.ts';
import { useClock } from '../../stores/clock.ts';
import { cutStore } from '../../stores/cut.ts';
import { myScope } from '../../stores/session.ts';
import { setInspectorOpen, select, viewStore } from '../../stores/view.ts';
import { equipmentOf, nameOfCase } from '../../words/cases.ts';
import { depotWords as words } from '../../words/depot.ts';
import { minutesShort } from '../../words/time.ts';
import { beginDrag } from '../board/placing/drag.ts';
import { minutesLeft } from './order.ts';
import styles from './depot.module.css';

/**
 * The list has one tab stop; the arrow keys move through it. The focus stays on its case when others appear, disappear or
 * move.
 */
export function DepotList({ items }: { items: readonly Case[] }) {
  const list = useRef<HTMLUListElement>(null);
  const [lastId, setLast] = useState<string | null>(null);
  const [lastAt, setLastAt] = useState(0);
  if (items.length === 0) return null;
  const lastIndex = items.findIndex(({ id }) => id === lastId);
  const here = lastIndex >= 0 ? lastIndex : Math.min(lastAt, items.length - 1);

  const goTo = (at: number) => {
    const buttons = list.current?.querySelectorAll<HTMLButtonElement>('[data-case]');
    buttons?.[Math.min(items.length - 1, Math.max(0, at))]?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    goTo(to);
  };

  const onFocus = ({ target }: FocusEvent) => {
    const at = items.findIndex(({ id }) => id === (target as HTMLElement).dataset['case']);
    setLast(items[at]?.id ?? null);
    setLastAt(Math.max(0, at));
  };

  return (
    <ul ref={list} className={styles.list} aria-label={words.list} onKeyDown={onKeyDown} onFocus={onFocus}>
      {items.map((item, at) => (
        <DepotCard key={item.id} item={item} isTabStop={at === here} />
      ))}
    </ul>
  );
}

/** A shape for each urgency, next to its color and its word. */
const urgencyGlyphs: Record<Urgency, string> = {
  immediate: '◆',
  urgent: '▲',
  expedited: '△',
  elective: '',
};

type CardProps = { item: Case; isTabStop: boolean };

/** Rendered again only for its own case: a depot may have hundreds. */
const DepotCard = memo(function DepotCard({ item, isTabStop }: CardProps) {
  const isSelected = useStore(viewStore, ({ selectedId }) => selectedId === item.id);
  const isCut = useStore(cutStore, ({ item: cut }) => cut?.id === item.id);
  const due = useClock(60_000, (now) => words.due(minutesLeft(item, now)));
  const isOverdue = useClock(60_000, (now) => (minutesLeft(item, now) ?? 0) < 0);
  const glyph = urgencyGlyphs[item.urgency];
  const needs = [
    minutesShort(item.minutes),
    nameOf(item.surgeonId),
    ...equipmentOf(item.equipment, nameOf),
  ].filter((need) => need !== '');
  return (
    <li>
      <UnstyledButton
        className={styles.card}
        data-case={item.id}
        data-urgency={item.urgency}
        data-cut={isCut || undefined}
        aria-current={isSelected || undefined}
        tabIndex={isTabStop ? 0 : -1}
        onPointerDown={({ nativeEvent }) => {
          const mayPlace = myScope('case.schedule') === 'any' && nativeEvent.button === 0;
          if (mayPlace) beginDrag(nativeEvent, { kind: 'depot', item });
        }}
        onClick={() => {
          select(item.id);
          setInspectorOpen(true);
        }}
      >
        <span className={styles.title}>
          {glyph !== '' && <span aria-hidden="true">{glyph} </span>}
          {nameOfCase(item)}
        </span>
        <span className={styles.detail}>
          {words.urgency[item.urgency]}
          {due !== '' && ' · '}
          {due !== '' && <span data-overdue={isOverdue || undefined}>{due}</span>}
        </span>
        <span className={styles.detail}>{needs.join(' · ')}</span>
        {item.bumped && (
          <span className={styles.bumped}>
            <span aria-hidden="true">↩ </span>
            {words.bumped(item.bumped.by.name, item.bumped.reason)}
          </span>
        )}
      </UnstyledButton>
    </li>
  );
});
