import { useStore } from 'zustand';
import { presenceStore } from '../../stores/presence.ts';
import { meNow, sessionStore } from '../../stores/session.ts';
import { initialsOf } from '../../ui/initials.ts';
import { inspectorWords as words } from '../../words/inspector.ts';
import styles from './inspector.module.css';

/** Who else looks at this case. */
export function Viewing({ caseId }: { caseId: string }) {
  const people = useStore(presenceStore, (state) => state.people);
  const me = useStore(sessionStore, meNow);
  const others = new Map(
    people
      .filter((each) => each.caseId === caseId && each.person.id !== me)
      .map(({ person }) => [person.id, person.name]),
  );
  if (others.size === 0) return null;
  return (
    <section className={styles.section} aria-label={words.viewing}>
      <h3 className={styles.heading}>{words.viewing}</h3>
      <ul className={styles.viewers}>
        {[...others].map(([id, name]) => (
          <li key={id}>
            <span className={styles.initials} aria-hidden="true">
              {initialsOf(name)}
            </span>
            {words.isViewing(name)}
          </li>
        ))}
      </ul>
    </section>
  );
}
