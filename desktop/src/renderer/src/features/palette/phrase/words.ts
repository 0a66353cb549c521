import { plain } from '../../../ui/by-words.ts';

/** Returns the words of a phrase in lower case, without accents, possessives ("who's", "okafor's") and end marks. */
export const wordsOf = (text: string): string[] =>
  plain(text)
    .replaceAll(/['’]s\b/g, '')
    .replaceAll(/['’]/g, '')
    .split(/[\s,;·]+/)
    .map((word) => word.replace(/[?!]+$/, ''))
    .filter((word) => word !== '');

/** Splits a name into words, and letters from digits: `OR09` becomes `or` and `9`. */
export const partsOf = (name: string): string[] =>
  (plain(name).match(/\p{Letter}+|\d+/gu) ?? []).map((part) =>
    /^\d/.test(part) ? String(Number(part)) : part,
  );

/** A match in a phrase: its meaning, and the number of words it covers. */
export type Match<Meaning> = { readonly meaning: Meaning; readonly words: number };

/** Returns only letters and digits, so that "c-arm", "C arm" and "carm" are the same. */
export const compact = (text: string): string => plain(text).replaceAll(/[^\p{Letter}\d]/gu, '');

/** Returns how many typing errors are corrected. Short words are too similar to each other. */
const maxTypos = (word: string) => (word.length >= 8 ? 2 : word.length >= 5 ? 1 : 0);

/** Returns the known word that this one misspells; null if there is none, or more than one. */
export function correctionFor(word: string, vocabulary: ReadonlySet<string>): string | null {
  const most = maxTypos(word);
  if (most === 0 || /\d/.test(word)) return null;
  let best: { word: string; distance: number; isOnly: boolean } | null = null;
  for (const each of vocabulary) {
    if (Math.abs(each.length - word.length) > most) continue;
    const distance = distanceBetween(word, each);
    if (distance > most || distance > maxTypos(each)) continue;
    if (!best || distance < best.distance) best = { word: each, distance, isOnly: true };
    else if (distance === best.distance) best.isOnly = false;
  }
  return best?.isOnly ? best.word : null;
}

/** Counts the letters that are wrong, missing, extra, or swapped with the next one. */
function distanceBetween(one: string, other: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_none, at) => at);
  for (let at = 1; at <= one.length; at++) {
    const row = [at];
    for (let to = 1; to <= other.length; to++) {
      const isSame = one[at - 1] === other[to - 1];
      const isSwapped = at > 1 && to > 1 && one[at - 1] === other[to - 2] && one[at - 2] === other[to - 1];
      row[to] = Math.min(
        (last[to] ?? 0) + 1,
        (row[to - 1] ?? 0) + 1,
        (last[to - 1] ?? 0) + (isSame ? 0 : 1),
        isSwapped ? (beforeLast[to - 2] ?? 0) + 1 : Infinity,
      );
    }
    beforeLast = last;
    last = row;
  }
  return last[other.length] ?? 0;
}
