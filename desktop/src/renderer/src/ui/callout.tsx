import type { ReactNode } from 'react';
import styles from './callout.module.css';

/** A message in a form or dialog. Screen readers read it when it appears. */
export function Callout({ kind = 'warning', children }: { kind?: 'warning' | 'info'; children: ReactNode }) {
  return (
    <div className={styles.callout} data-kind={kind} role={kind === 'warning' ? 'alert' : 'status'}>
      <span aria-hidden="true" className={styles.glyph}>
        {kind === 'warning' ? '▲' : 'i'}
      </span>
      <span>{children}</span>
    </div>
  );
}
