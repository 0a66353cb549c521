import { plain } from '../../ui/by-words.ts';

/** The words of a phrase, in lower case and without accents. */
export const wordsOf = (text: string): string[] =>
  plain(text)
    .split(/[\s,;·]+/)
    .filter((word) => word !== '');

/** The words of a name, letters apart from digits: `OR09` is `or` and `9`. */
export const partsOf = (name: string): string[] =>
  (plain(name).match(/\p{Letter}+|\d+/gu) ?? []).map((part) =>
    /^\d/.test(part) ? String(Number(part)) : part,
  );

/** What a reader of the phrase takes from its words at a place: what was meant and how many words said it. */
export type Taken<Meaning> = { readonly meant: Meaning; readonly words: number };
