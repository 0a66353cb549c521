import { glyphs, lookClass } from './case-look.ts';
import type { Look } from './case-look.ts';
import styles from './case-look.module.css';

/** The shape of a state in its color. Hidden from screen readers: a word stands beside it. */
export function StateGlyph({ look }: { look: Look }) {
  return (
    <span className={`${styles.glyph} ${lookClass(look)}`} aria-hidden="true">
      {glyphs[look]}
    </span>
  );
}
