import styles from './announcer.module.css';

type Announcement = { readonly id: number; readonly text: string };
type Props = { polite: readonly Announcement[]; assertive: readonly Announcement[] };

/**
 * Text for screen readers only. Each announcement is an element of its own, so that the same words are read twice. Both
 * regions are always there: a region that appears together with its text is not read.
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
