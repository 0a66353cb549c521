import { Button } from '@mantine/core';
import styles from './region-state.module.css';

/** Shown instead of a region that failed to load: what happened, why, and what to do. */
export function RegionState({
  title,
  children,
  action,
  run,
}: {
  title: string;
  children: string;
  action?: string;
  run?: () => void;
}) {
  return (
    <div className={styles.region} role="alert">
      <p className={styles.title}>
        <span aria-hidden="true">▲</span> {title}
      </p>
      <p className={styles.text}>{children}</p>
      {run && (
        <Button size="compact-sm" variant="default" onClick={run}>
          {action}
        </Button>
      )}
    </div>
  );
}
