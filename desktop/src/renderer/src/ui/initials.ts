/** Returns `MK` for M. Kraus, where there is no room for the name. A tooltip shows the name. */
export function initialsOf(name: string): string {
  const words = name.match(/\p{Letter}[^\s.]*/gu) ?? [];
  const [first = '?', last = ''] = [words[0], words.length > 1 ? words.at(-1) : undefined];
  return `${initial(first)}${initial(last)}`.toUpperCase();
}
const initial = (word: string) => /^./u.exec(word)?.[0] ?? '';
