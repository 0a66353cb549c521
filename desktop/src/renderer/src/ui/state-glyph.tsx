import { glyphs, lookClass } from './case-look.ts';
import type { Look } from './case-look.ts';
import styles from './case-look.module.css';

/** The shape of a state in its colour. It says nothing to those who listen: a word stands beside it. */
export function StateGlyph({ look }: { look: Look }) {
  return (
    <span className={`${styles.glyph} ${lookClass(look)}`} aria-hidden="true">
      {glyphs[look]}
    </span>
  );
}
