import styles from './bones.module.css';

/** In place of what is loading: about as many lines as will come, and as high. */
export const Bones = ({ label, count, height }: { label: string; count: number; height: number }) => (
  <div role="status" aria-label={label} className={styles.bones}>
    {Array.from({ length: count }, (_, nth) => (
      <div key={nth} aria-hidden="true" style={{ height }} />
    ))}
  </div>
);
