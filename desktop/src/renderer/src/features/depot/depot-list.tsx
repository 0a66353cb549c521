import type { Case } from '@slate/shared/cases';
import { useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { depotWords as words } from '../../words/depot.ts';
import { DepotCard } from './depot-card.tsx';
import styles from './depot.module.css';

/** One tab stop; the arrows go through it. Who is there stays there when cases come, go and change places. */
export function DepotList({ items }: { items: readonly Case[] }) {
  const list = useRef<HTMLUListElement>(null);
  const [lastId, setLast] = useState<string | null>(null);
  const [lastAt, setLastAt] = useState(0);
  if (items.length === 0) return null;
  const known = items.findIndex(({ id }) => id === lastId);
  const here = known >= 0 ? known : Math.min(lastAt, items.length - 1);

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

  return (
    <ul ref={list} className={styles.list} aria-label={words.list} onKeyDown={onKeyDown}>
      {items.map((item, at) => (
        <DepotCard
          key={item.id}
          item={item}
          isTabStop={at === here}
          onFocus={() => {
            setLast(item.id);
            setLastAt(at);
          }}
        />
      ))}
    </ul>
  );
}
