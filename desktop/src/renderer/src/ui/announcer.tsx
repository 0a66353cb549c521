import styles from './announcer.module.css';

type Said = { readonly id: number; readonly text: string };
type Props = { polite: readonly Said[]; assertive: readonly Said[] };

/**
 * What is only heard. Each thing said is an element of its own that comes in: what is said twice is read twice.
 * Both regions stand there from the start, since one that comes with its text is not read.
 */
export function Announcer({ polite, assertive }: Props) {
  return (
    <>
      <Region said={polite} how="polite" />
      <Region said={assertive} how="assertive" />
    </>
  );
}

const Region = ({ said, how }: { said: readonly Said[]; how: 'polite' | 'assertive' }) => (
  <div className={styles.unseen} aria-live={how} aria-atomic="false" aria-relevant="additions">
    {said.map(({ id, text }) => (
      <p key={id}>{text}</p>
    ))}
  </div>
);
