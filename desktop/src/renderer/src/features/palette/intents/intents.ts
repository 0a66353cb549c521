import { paletteWords as words } from '../../../words/palette.ts';
import type { Entry } from '../entry.ts';
import type { Part, Phrase } from '../phrase/phrase.ts';
import type { Verb } from '../phrase/verbs.ts';
import { close } from './close.ts';
import { delay } from './delay.ts';
import { caseParts } from './intent.ts';
import type { Intent, Reading, World } from './intent.ts';
import { move } from './move.ts';
import { caseIntents } from './one-case.ts';
import { addOn, find, hold } from './openings.ts';
import { go, when, who } from './questions.ts';

const intents: Readonly<Record<Verb, Intent>> = {
  hold,
  find,
  addOn,
  move,
  delay,
  close,
  who,
  when,
  go,
  ...caseIntents,
};

/** These verbs are also names of actions. Typed alone, the palette lists the actions instead. */
const aloneIsAction: readonly Verb[] = ['hold', 'find', 'addOn', 'go', 'edit', 'extend', 'takeOver', 'void'];

/** Returns the verb of a phrase, guessed if none was typed; null if the phrase only searches for a name. */
function verbOf(phrase: Phrase): Verb | null {
  const { verb, rooms, clock, minutes, date, procedures, surgeons, urgency, isNow, window, equipment } =
    phrase;
  if (verb !== null) {
    const isAlone = Object.keys(phrase.words).length === 0 && phrase.rest.length === 0 && !isNow;
    return isAlone && phrase.unknown.length === 0 && aloneIsAction.includes(verb) ? null : verb;
  }
  const hasProcedure = procedures.length > 0;
  if (hasProcedure && (isNow || urgency !== null)) return 'addOn';
  if (clock !== null && (rooms.length > 0 || minutes !== null || hasProcedure)) return 'hold';
  if (minutes !== null && rooms.length > 0) return 'hold';
  if (minutes !== null && (hasProcedure || surgeons.length > 0)) return 'find';
  if (hasProcedure && (date !== null || window !== null || equipment.length > 0 || rooms.length > 0))
    return 'find';
  return null;
}

/**
 * Returns the entries for a phrase, with sentences that say what Enter will do. If a word is not understood, none of them can
 * run, because the word may change the meaning.
 */
export function readingOf(phrase: Phrase, world: World): Reading | null {
  const verb = verbOf(phrase);
  if (verb === null) return null;
  const { entries, slotsFor } = intents[verb].read(phrase, world);
  const left = leftOver(phrase, verb);
  if (left.length === 0) return { entries: withCorrections(entries, phrase), slotsFor };
  const why = words.unknown(left);
  return {
    entries: entries.map((entry, index) => ({
      ...entry,
      judgment: null,
      keys: null,
      detail: index === 0 ? why : null,
      run: null,
    })),
    slotsFor: null,
  };
}

/** Returns the words of the phrase that its intent does not use. */
function leftOver(phrase: Phrase, verb: Verb): string[] {
  const { uses, needsProcedure, takesReason } = intents[verb];
  const { unknown, until, clock, from, about, procedures, rest } = phrase;
  // The end of a hold means nothing without its start.
  const isEndAlone = verb === 'hold' && until !== null && clock === null;
  const isNoProcedure = needsProcedure && about.length > 0 && procedures.length === 0;
  return [
    ...(takesReason ? unknown.filter((word) => !rest.includes(word)) : unknown),
    ...wordsOutside(uses, phrase),
    ...(isEndAlone ? [phrase.words.until ?? ''] : []),
    ...(from ? wordsOutside(caseParts, from) : []),
    ...(isNoProcedure ? about : []),
  ];
}

const wordsOutside = (uses: readonly Part[], phrase: Phrase) =>
  (Object.entries(phrase.words) as [Part, string][])
    .filter(([part]) => !uses.includes(part))
    .map(([, typed]) => typed);

/** Adds a sentence that says which words were corrected. */
function withCorrections(entries: readonly Entry[], { corrected }: Phrase): readonly Entry[] {
  const [first, ...others] = entries;
  if (!first || corrected.length === 0) return entries;
  const sentence = words.corrected(corrected);
  return [{ ...first, detail: first.detail === null ? sentence : `${first.detail} ${sentence}` }, ...others];
}
