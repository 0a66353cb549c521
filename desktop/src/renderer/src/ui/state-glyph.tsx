import { glyphs, lookClass } from './case-look.ts';
import type { Look } from './case-look.ts';
import styles from './case-look.module.css';

/** The glyph of a look in its color. Hidden from screen readers, because the name is next to it. */
export function StateGlyph({ look }: { look: Look }) {
  return (
    <span className={`${styles.glyph} ${lookClass(look)}`} aria-hidden="true">
      {glyphs[look]}
    </span>
  );
}
