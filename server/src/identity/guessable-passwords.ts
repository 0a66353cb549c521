import { dictionary } from '@zxcvbn-ts/language-common';
import { invalid } from '../domain/refusal.ts';

const dictionarySize = 10_000;
/** A password with fewer different characters repeats a few keys. */
const minDistinctCharacters = 6;
/** Shorter common passwords occur in any password of twelve characters. */
const minCommonLength = 5;
/** Letters that a password must have besides its guessable part. */
const minOtherLetters = 4;

const common = new Set(
  dictionary['passwords-common'].slice(0, dictionarySize).filter(({ length }) => length >= minCommonLength),
);
const maxCommonLength = Math.max(...[...common].map(({ length }) => length));

type Owner = { email: string; name: string };

/**
 * Refuses a guessable password: a common one or the owner's name or address, even if it is repeated, surrounded by
 * digits and signs, or spelled with signs in place of letters; and one that repeats a few characters.
 */
export function checkNotGuessable(password: string, owner: Owner, field = 'newPassword'): void {
  const lowerCase = password.normalize('NFKC').toLowerCase();
  const isRepetitive = new Set(lowerCase).size < minDistinctCharacters;
  const isGuessable = [lowerCase, withoutSubstitutes(lowerCase)].some((text) => {
    const rest = without(text, ownWords(owner));
    const found = longestCommonIn(rest);
    const remainder = found === undefined ? rest : rest.replaceAll(found, '');
    return remainder !== text && lettersIn(remainder) < minOtherLetters;
  });
  if (!isRepetitive && !isGuessable) return;
  throw invalid(
    field,
    'This password is too easy to guess: it’s very common, repeats a few characters, or uses your name or address. ' +
      'Choose another, such as several unrelated words.',
  );
}

const substitutes: Record<string, string> = { '@': 'a', $: 's', '0': 'o' };
const withoutSubstitutes = (text: string) => text.replaceAll(/[@$0]/g, (sign) => substitutes[sign] ?? sign);

const ownWords = ({ email, name }: Owner) =>
  `${name} ${email}`.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? [];

const without = (text: string, words: string[]) =>
  words.reduce((rest, word) => rest.replaceAll(word, ''), text);

const lettersIn = (text: string) => text.match(/\p{L}/gu)?.length ?? 0;

function longestCommonIn(text: string): string | undefined {
  for (let length = Math.min(maxCommonLength, text.length); length >= minCommonLength; length--) {
    for (let at = 0; at + length <= text.length; at++) {
      const part = text.slice(at, at + length);
      if (common.has(part)) return part;
    }
  }
  return undefined;
}
