import styles from './announcer.module.css';

type Announcement = { readonly id: number; readonly text: string };
type Props = { polite: readonly Announcement[]; assertive: readonly Announcement[] };

/**
 * Announces text to screen readers only. Each announcement has its own element, so that the same words are read again. Both
 * regions must always exist: screen readers do not read a region that appears together with its text.
 */
export function Announcer({ polite, assertive }: Props) {
  return (
    <>
      <Region announcements={polite} how="polite" />
      <Region announcements={assertive} how="assertive" />
    </>
  );
}

const Region = ({
  announcements,
  how,
}: {
  announcements: readonly Announcement[];
  how: 'polite' | 'assertive';
}) => (
  <div className={styles.unseen} aria-live={how} aria-atomic="false" aria-relevant="additions">
    {announcements.map(({ id, text }) => (
      <p key={id}>{text}</p>
    ))}
  </div>
);
