import { dictionary } from '@zxcvbn-ts/language-common';
import { invalid } from '../domain/refusal.ts';

const listed = 10_000;
/** A password that is made of fewer is typed by playing on a few keys. */
const fewestCharacters = 6;
/** Too short to say anything about a password of twelve characters. */
const shortest = 5;
/** What must be left of a password without what is easy to guess in it: this many letters. */
const fewestLetters = 4;

const common = new Set(
  dictionary['passwords-common'].slice(0, listed).filter(({ length }) => length >= shortest),
);
const longest = Math.max(...[...common].map(({ length }) => length));

type Owner = { email: string; name: string };

/**
 * Refuses what is guessed first: one of the 10,000 most common passwords or the owner's name or address, also
 * repeated, between digits and signs, or spelled with them; and a few characters repeated.
 */
export function checkNotGuessable(password: string, owner: Owner): void {
  const typed = password.normalize('NFKC').toLowerCase();
  const isPlayed = new Set(typed).size < fewestCharacters;
  const isGuessable = [typed, plain(typed)].some((text) => {
    const rest = without(text, ownWords(owner));
    const known = longestCommonIn(rest);
    const left = known === undefined ? rest : rest.replaceAll(known, '');
    return left !== text && lettersIn(left) < fewestLetters;
  });
  if (!isPlayed && !isGuessable) return;
  throw invalid(
    'newPassword',
    'This password is too easy to guess: it’s very common, repeats a few characters, or uses your name or address. ' +
      'Choose another, such as several unrelated words.',
  );
}

const spelled: Record<string, string> = { '@': 'a', $: 's', '0': 'o' };
const plain = (text: string) => text.replaceAll(/[@$0]/g, (sign) => spelled[sign] ?? sign);

const ownWords = ({ email, name }: Owner) =>
  `${name} ${email}`.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? [];

const without = (text: string, words: string[]) =>
  words.reduce((rest, word) => rest.replaceAll(word, ''), text);

const lettersIn = (text: string) => text.match(/\p{L}/gu)?.length ?? 0;

function longestCommonIn(text: string): string | undefined {
  for (let length = Math.min(longest, text.length); length >= shortest; length--) {
    for (let at = 0; at + length <= text.length; at++) {
      const part = text.slice(at, at + length);
      if (common.has(part)) return part;
    }
  }
  return undefined;
}
