import type { KeyboardEvent } from 'react';
import { entryWords as words } from '../../words/entry.ts';
import styles from './people.module.css';

type Person = { email: string; name: string };

/** Whom this workstation knows: arrow, Enter, password. */
export function People({
  people,
  pick,
  other,
}: {
  people: readonly Person[];
  pick: (email: string) => void;
  other: () => void;
}) {
  function move(event: KeyboardEvent<HTMLUListElement>) {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const buttons = [...event.currentTarget.querySelectorAll('button')];
    const at = buttons.findIndex((button) => button === document.activeElement);
    buttons[(at + step + buttons.length) % buttons.length]?.focus();
  }
  return (
    <ul className={styles.people} aria-label={words.people} onKeyDown={move}>
      {people.map(({ email, name }, at) => (
        <li key={email}>
          <button type="button" autoFocus={at === 0} onClick={() => pick(email)}>
            <span className={styles.name}>{name}</span>
            <span className={styles.email}>{email}</span>
          </button>
        </li>
      ))}
      <li>
        <button type="button" onClick={other}>
          <span className={styles.name}>{words.someoneElse}</span>
        </button>
      </li>
    </ul>
  );
}
