import { keycaps } from '../../actions/spelling.ts';
import { Kbd } from '../../ui/kbd.tsx';
import { useInForce } from '../keys/use-in-force.ts';
import type { Entry } from './entry.ts';
import styles from './palette.module.css';

type Props = { id: string; entry: Entry; isActive: boolean; choose: () => void; run: () => void };

/** What is longer stands on a line of its own. */
const shortest = 24;

export function Option({ id, entry, isActive, choose, run }: Props) {
  const { label, detail, judged, keys } = entry;
  const isInForce = useInForce();
  const verdict = judged && <span className={styles[judged.tone]}>{judged.text}</span>;
  const isShort = judged !== null && judged.text.length < shortest;
  return (
    <div
      id={id}
      role="option"
      aria-selected={isActive}
      aria-disabled={entry.run === null || undefined}
      className={styles.option}
      onPointerMove={isActive ? undefined : choose}
      onClick={run}
    >
      <span className={styles.text}>
        <span className={styles.label}>
          {label.map((part) =>
            typeof part === 'string' ? part : <strong key={part.strong}>{part.strong}</strong>,
          )}
          {judged && isShort && <> — {verdict}</>}
        </span>
        {judged && !isShort && <span className={styles.detail}>{verdict}</span>}
        {detail !== null && <span className={styles.detail}>{detail}</span>}
      </span>
      {keys !== null && isInForce(keys) && <Kbd isHidden>{keycaps(keys).join(' ')}</Kbd>}
    </div>
  );
}
