import type { ReactNode } from 'react';
import styles from './notice.module.css';

/** Something a person must know before going on; read aloud when it appears. */
export function Notice({ kind = 'warning', children }: { kind?: 'warning' | 'info'; children: ReactNode }) {
  return (
    <div className={styles.notice} data-kind={kind} role={kind === 'warning' ? 'alert' : 'status'}>
      <span aria-hidden="true" className={styles.glyph}>
        {kind === 'warning' ? '▲' : 'i'}
      </span>
      <span>{children}</span>
    </div>
  );
}
