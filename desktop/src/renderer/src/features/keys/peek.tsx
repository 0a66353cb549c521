import { isPlaced } from '@slate/shared/cases';
import type { Case, PlacedCase } from '@slate/shared/cases';
import { happensAt } from '@slate/shared/reality';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { boardStore, nameIn } from '../../stores/board.ts';
import type { BoardView } from '../../stores/board.ts';
import { cursorStore } from '../../stores/cursor.ts';
import { peekAt, peekStore } from '../../stores/peek.ts';
import { announce } from '../../stores/announcements.ts';
import { equipmentOf, nameOfCase, numberOf, stateWords } from '../../words/cases.ts';
import { keyWords as words } from '../../words/keys.ts';
import { minutesShort, rangeOf } from '../../words/time.ts';
import { placeBeside } from '../../forms/place-beside.ts';
import styles from './peek.module.css';

/** The main facts of a case next to its card. The focus stays on the board, and moving the cursor closes the peek. */
export function Peek() {
  const caseId = useStore(peekStore, (state) => state.caseId);
  const view = useStore(boardStore, (state) => (caseId === null ? null : state.view));
  const item = view?.cases.get(caseId ?? '');
  useEffect(
    () =>
      cursorStore.subscribe((cursor) => {
        if (cursor.caseId !== peekStore.getState().caseId) peekAt(null);
      }),
    [],
  );
  return item && view ? <Essentials key={item.id} item={item} view={view} /> : null;
}

function whenOf(item: PlacedCase, zone: string): string {
  const { start, end } = happensAt(item);
  return rangeOf(start, end, zone);
}

function factsOf(item: Case, view: BoardView): [string, string][] {
  const nameOf = (id: string | null) => nameIn(view, id);
  const { peek } = words;
  const facts: [string, string][] = [
    [peek.where, nameOf(item.roomId)],
    [peek.when, isPlaced(item) ? whenOf(item, view.board.site.timeZone) : ''],
    [peek.length, minutesShort(item.minutes)],
    [peek.surgeon, nameOf(item.surgeonId)],
    [peek.patient, item.patientRef ?? ''],
    [peek.equipment, equipmentOf(item.equipment, nameOf).join(', ')],
    [peek.bed, nameOf(item.bed?.resourceId ?? null)],
    [peek.holder, item.holder?.name ?? ''],
    [peek.note, item.note ?? ''],
  ];
  return facts.filter(([, value]) => value !== '');
}

function Essentials({ item, view }: { item: Case; view: BoardView }) {
  const box = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<{ left: number; top: number } | null>(null);
  const facts = factsOf(item, view);
  const title = nameOfCase(item);
  const spoken = [title, stateWords[item.state], ...facts.map(([name, value]) => `${name} ${value}`)].join(
    '. ',
  );

  useLayoutEffect(() => {
    const card = document.querySelector(`[data-case="${item.id}"]`)?.getBoundingClientRect() ?? null;
    const size = box.current?.getBoundingClientRect();
    if (size) setPlace(placeBeside(card, size, { width: window.innerWidth, height: window.innerHeight }));
  }, [item.id]);
  useEffect(() => announce(spoken), [spoken]);
  useEffect(() => {
    const close = () => peekAt(null);
    window.addEventListener('scroll', close, { capture: true, passive: true });
    window.addEventListener('resize', close);
    return () => {
      window.removeEventListener('scroll', close, { capture: true });
      window.removeEventListener('resize', close);
    };
  }, []);

  return (
    <div
      ref={box}
      role="tooltip"
      className={styles.peek}
      style={place ? { left: place.left, top: place.top } : { visibility: 'hidden' }}
    >
      <p className={styles.number}>
        {numberOf(item)} · {stateWords[item.state]}
      </p>
      <p className={styles.title}>{title}</p>
      <dl className={styles.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
