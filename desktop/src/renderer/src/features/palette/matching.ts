import { plain } from '../../ui/by-words.ts';
import { partsOf, wordsOf } from './phrase/words.ts';

/**
 * Returns a function that scores how well a text matches the typed words: each must start a word of the text. Whole words and
 * words in order score higher; null means no match.
 */
export function scoreOf(typed: string): (text: string) => number | null {
  const typedParts = wordsOf(typed).flatMap((word) => partsOf(word));
  const beginning = plain(typed.trim());
  return (text) => {
    const parts = partsOf(text);
    if (typedParts.length === 0) return null;
    let score = plain(text).startsWith(beginning) ? 2 : 0;
    let last = -1;
    for (const word of typedParts) {
      const exact = parts.indexOf(word);
      const at = exact >= 0 || /^\d+$/.test(word) ? exact : parts.findIndex((part) => part.startsWith(word));
      if (at < 0) return null;
      score += (exact >= 0 ? 2 : 1) + (at > last ? 1 : 0);
      last = at;
    }
    return score / typedParts.length;
  };
}

/** Returns the best matches first; equal ones keep their order. */
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
