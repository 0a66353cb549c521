import { plain } from '../../ui/by-words.ts';
import { partsOf, wordsOf } from './phrase/words.ts';

/**
 * How well the typed words match a text: each must start a word of it. Whole words and words in order score higher;
 * null: no match.
 */
export function scoreOf(typed: string): (text: string) => number | null {
  const wanted = wordsOf(typed).flatMap((word) => partsOf(word));
  const beginning = plain(typed.trim());
  return (text) => {
    const parts = partsOf(text);
    if (wanted.length === 0) return null;
    let score = plain(text).startsWith(beginning) ? 2 : 0;
    let last = -1;
    for (const word of wanted) {
      const exact = parts.indexOf(word);
      const at = exact >= 0 || /^\d+$/.test(word) ? exact : parts.findIndex((part) => part.startsWith(word));
      if (at < 0) return null;
      score += (exact >= 0 ? 2 : 1) + (at > last ? 1 : 0);
      last = at;
    }
    return score / wanted.length;
  };
}

/** The best matches first; equal ones keep their order. */
export function best<Item>(
  typed: string,
  items: readonly Item[],
  textOf: (item: Item) => string,
  most: number,
): Item[] {
  const score = scoreOf(typed);
  return items
    .map((item) => ({ item, score: score(textOf(item)) }))
    .filter((each): each is { item: Item; score: number } => each.score !== null)
    .toSorted((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ item }) => item);
}
