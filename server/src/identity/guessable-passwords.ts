import { dictionary } from '@zxcvbn-ts/language-common';
import { invalid } from '../domain/refusal.ts';

const listed = 10_000;
/** A password with fewer different characters repeats a few keys. */
const fewestCharacters = 6;
/** Shorter common passwords occur in any password of twelve characters. */
const shortest = 5;
/** Letters that must remain without the guessable part. */
const fewestLetters = 4;

const common = new Set(
  dictionary['passwords-common'].slice(0, listed).filter(({ length }) => length >= shortest),
);
const longest = Math.max(...[...common].map(({ length }) => length));

type Owner = { email: string; name: string };

/**
 * Refuses guessable passwords: one of the 10,000 most common ones or the owner's name or address, also repeated, with
 * digits and signs around it or in place of letters; and a few repeated characters.
 */
export function checkNotGuessable(password: string, owner: Owner): void {
  const typed = password.normalize('NFKC').toLowerCase();
  const isRepetitive = new Set(typed).size < fewestCharacters;
  const isGuessable = [typed, plain(typed)].some((text) => {
    const rest = without(text, ownWords(owner));
    const found = longestCommonIn(rest);
    const left = found === undefined ? rest : rest.replaceAll(found, '');
    return left !== text && lettersIn(left) < fewestLetters;
  });
  if (!isRepetitive && !isGuessable) return;
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
