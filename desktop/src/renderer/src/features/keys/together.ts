import { keycaps } from '../../actions/spelling.ts';

/** Keys that differ only in their last part are shown as one: Alt ← → ↑ ↓. */
export function together(keys: readonly string[], onMac?: boolean): string[][] {
  const shown: string[][] = [];
  for (const each of keys) {
    const caps = onMac === undefined ? keycaps(each) : keycaps(each, onMac);
    const [last] = caps.slice(-1);
    const modifiers = caps.slice(0, -1);
    const before = shown.find(
      (known) => modifiers.length > 0 && modifiers.every((cap, at) => known[at] === cap),
    );
    const arrows = modifiers.length === 0 ? shown.find((known) => known.every(isArrow)) : undefined;
    if (last === undefined) continue;
    if (before) before.push(last);
    else if (arrows && isArrow(last)) arrows.push(last);
    else shown.push(caps);
  }
  return shown;
}

const isArrow = (cap: string) => '←→↑↓'.includes(cap);
