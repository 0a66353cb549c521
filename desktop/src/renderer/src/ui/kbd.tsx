import type { ReactNode } from 'react';
import styles from './kbd.module.css';

/** A key as printed on the keyboard. `isHidden`: hidden from screen readers, on a button with `aria-keyshortcuts`. */
export function Kbd({ children, isHidden = false }: { children: ReactNode; isHidden?: boolean }) {
  return (
    <kbd className={styles.kbd} aria-hidden={isHidden || undefined}>
      {children}
    </kbd>
  );
}
