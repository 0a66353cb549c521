import type { ReactNode } from 'react';
import styles from './kbd.module.css';

/** A key, as it is printed on the keyboard. On a button it is hidden from its name: `aria-keyshortcuts` says it there. */
export function Kbd({ children, isHidden = false }: { children: ReactNode; isHidden?: boolean }) {
  return (
    <kbd className={styles.kbd} aria-hidden={isHidden || undefined}>
      {children}
    </kbd>
  );
}
