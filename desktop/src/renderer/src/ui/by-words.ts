import type { ComboboxItem, OptionsFilter } from '@mantine/core';

/** Returns the text in lower case without accents, so that Bergstrom finds Bergström. */
export const plain = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase();

/** Returns a function that checks whether a text has all typed words, in any order. */
export function hasWords(typed: string): (text: string) => boolean {
  const words = plain(typed).split(/\s+/);
  return (text) => {
    const plainText = plain(text);
    return words.every((word) => plainText.includes(word));
  };
}

const label = (item: ComboboxItem) => item.label;

/** Returns a filter by all typed words; options that start with the search come first. */
export const byWords =
  (textOf: (item: ComboboxItem) => string = label): OptionsFilter =>
  ({ options, search, limit }) => {
    const isFound = hasWords(search);
    const start = plain(search.trim());
    const begins = (item: ComboboxItem) => Number(plain(textOf(item)).startsWith(start));
    return (options as ComboboxItem[])
      .filter((item) => isFound(textOf(item)))
      .toSorted((a, b) => begins(b) - begins(a))
      .slice(0, limit);
  };
