import { Tooltip } from '@mantine/core';
import { useStore } from 'zustand';
import { presenceStore } from '../../stores/presence.ts';
import { meNow, sessionStore } from '../../stores/session.ts';
import { initialsOf } from '../../ui/initials.ts';
import { headerWords as words } from '../../words/header.ts';
import styles from './header.module.css';

const shown = 5;

/** Who else has this site open. Somebody with several windows, or several cases, is one person. */
export function People() {
  const people = useStore(presenceStore, (state) => state.people);
  const myId = useStore(sessionStore, meNow);
  const persons = [...new Map(people.map(({ person }) => [person.id, person])).values()].toSorted((a, b) =>
    a.name.localeCompare(b.name),
  );
  const others = persons.filter(({ id }) => id !== myId);
  const mine = persons.filter(({ id }) => id === myId);
  const first = others.length > shown ? others.slice(0, shown - 1) : others;
  if (others.length === 0) return null;
  const names = [...others.map(({ name }) => name), ...mine.map(({ name }) => words.you(name))];
  const label = words.present(names);
  return (
    <Tooltip label={label} multiline maw={320} openDelay={200}>
      <div className={styles.people} role="img" aria-label={label} tabIndex={0}>
        {first.map(({ id, name }) => (
          <span key={id} aria-hidden="true">
            {initialsOf(name)}
          </span>
        ))}
        {others.length > first.length && (
          <span aria-hidden="true">{words.more(others.length - first.length)}</span>
        )}
      </div>
    </Tooltip>
  );
}
