import type { ComboboxItem, OptionsFilter } from '@mantine/core';

const label = (item: ComboboxItem) => item.label;

/** Finds what has all the words, in any order; what begins like it comes before what only has it somewhere. */
export const byWords =
  (textOf: (item: ComboboxItem) => string = label): OptionsFilter =>
  ({ options, search, limit }) => {
    const wanted = search.trim().toLowerCase();
    const words = wanted.split(/\s+/);
    const found = (options as ComboboxItem[])
      .map((item) => ({ item, text: textOf(item).toLowerCase() }))
      .filter(({ text }) => words.every((word) => text.includes(word)));
    const begins = ({ text }: (typeof found)[number]) => Number(text.startsWith(wanted));
    return found
      .toSorted((a, b) => begins(b) - begins(a))
      .slice(0, limit)
      .map(({ item }) => item);
  };
