import type { ReactNode } from 'react';
import styles from './entrance.module.css';

/** The page layout before the board: sign-in, lock, first run. */
export function Entrance({
  title,
  footer,
  children,
}: {
  title: string;
  footer?: ReactNode;
  children: ReactNode;
}) {
  return (
    <main className={styles.entrance}>
      <section className={styles.sheet} aria-labelledby="entrance-title">
        <p className={styles.brand} aria-hidden="true">
          <img src="./icon.svg" alt="" width="20" height="20" />
          Slate
        </p>
        <h1 id="entrance-title" className={styles.title}>
          {title}
        </h1>
        {children}
      </section>
      {footer && <footer className={styles.footer}>{footer}</footer>}
    </main>
  );
}
