import type { Case } from '@slate/shared/cases';
import { milestone } from '@slate/shared/case-state';
import { blockedAt } from '../../preview/collisions.ts';
import type { BoardView } from '../../stores/board.ts';
import { useClock } from '../../stores/clock.ts';
import { lookClass, lookOf } from '../../ui/case-look.ts';
import { StateGlyph } from '../../ui/state-glyph.tsx';
import { stateWords } from '../../words/cases.ts';
import { inspectorWords as words } from '../../words/inspector.ts';
import { lookWords } from '../../words/states.ts';
import { countdown, hoursShort } from '../../words/time.ts';
import styles from './inspector.module.css';

/** How long ago the last fact was: 18 min; in holding, how long the patient has waited. */
function clockSince(item: Case, now: number): string {
  const last = milestone.options.findLast((fact) => item.milestones[fact] !== undefined);
  const at = last && item.milestones[last];
  if (at === undefined || item.state === 'completed' || item.state !== last) return '';
  const minutes = Math.max(0, Math.floor((now - Date.parse(at)) / 60_000));
  return last === 'in_holding' ? words.waiting(hoursShort(minutes)) : hoursShort(minutes);
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

/** How things stand with a case, and for how long; a hold tells how long it still lasts. */
export function StatePill({ item, view }: { item: Case; view: BoardView }) {
  const look = useClock(15_000, (now) =>
    blockedAt(view, now).has(item.id) ? 'conflict' : lookOf(item, now),
  );
  const since = useClock(15_000, (now) => clockSince(item, now));
  const left = useClock(1_000, (now) =>
    item.state === 'held' && item.expiresAt !== null ? countdown(Date.parse(item.expiresAt) - now) : '',
  );
  const clock = left || since;
  const word = look === 'off' ? capital(stateWords[item.state]) : lookWords[look];
  return (
    <p className={`${styles.pill} ${lookClass(look)}`} data-look={look}>
      <StateGlyph look={look} />
      {word}
      {clock !== '' && words.since(clock)}
    </p>
  );
}
