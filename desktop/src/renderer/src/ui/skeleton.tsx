import styles from './skeleton.module.css';

/** Placeholder lines while something loads. */
export const Skeleton = ({ label, count, height }: { label: string; count: number; height: number }) => (
  <div role="status" aria-label={label} className={styles.skeleton}>
    {Array.from({ length: count }, (_, nth) => (
      <div key={nth} aria-hidden="true" style={{ height }} />
    ))}
  </div>
);
