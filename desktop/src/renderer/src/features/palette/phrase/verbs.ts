import type { Milestone } from '@slate/shared/case-state';
import type { Urgency } from '@slate/shared/cases';
import type { Match } from './words.ts';

/** The verbs of a phrase. */
export type Verb = 'hold' | 'find' | 'addOn' | 'move' | 'delay' | 'close' | 'who' | 'when' | 'go' | CaseVerb;
/** Verbs for one case. */
export type CaseVerb = 'cancel' | 'bump' | 'confirm' | 'edit' | 'extend' | 'takeOver' | 'void' | Milestone;

/** The words that start a phrase with this verb; the longest match wins. */
const openers: Readonly<Record<Verb, readonly string[]>> = {
  hold: ['hold', 'place', 'book', 'reserve', 'schedule', 'save'],
  find: [
    'find',
    'free',
    'opening',
    'openings',
    'slot',
    'slots',
    'next',
    'next available',
    'first available',
    'earliest',
    'soonest',
    'look for',
    'search',
  ],
  addOn: ['add on', 'add-on', 'addon', 'add'],
  move: ['move', 'transfer', 'relocate', 'reschedule', 'put', 'send', 'swing'],
  delay: ['delay', 'push back', 'push', 'late'],
  close: ['close', 'block off', 'shut'],
  who: [
    'who has',
    'who got',
    'who is using',
    'who using',
    'who is in',
    'who in',
    'who is on',
    'who',
    'where is',
    'where',
  ],
  when: ['when is', 'when will', 'when does', 'when can i have', 'when', 'is', 'how long is'],
  go: ['go to', 'goto', 'go', 'show me', 'show', 'open', 'see', 'jump to'],
  cancel: ['cancel', 'scratch', 'cx'],
  bump: ['bump', 'unschedule', 'back to depot'],
  confirm: ['confirm'],
  edit: ['edit', 'change'],
  extend: ['extend', 'keep'],
  takeOver: ['take over'],
  void: ['void', 'entered in error'],
  in_holding: ['in holding', 'patient in holding', 'pt in holding'],
  in_room: ['wheels in', 'in room', 'patient in room', 'pt in room', 'patient in'],
  incision: ['incision', 'cut time', 'knife to skin'],
  closed: ['closing', 'closed', 'skin closed'],
  out_of_room: ['wheels out', 'out of room', 'patient out of room', 'pt out', 'patient out'],
  completed: ['completed', 'complete'],
};

/** Words for verbs that may also come last, or after their object: "okafor late", "hip next available". */
const closers: Partial<Record<Verb, readonly string[]>> = {
  delay: ['late', 'delayed', 'behind'],
  find: ['next available', 'first available', 'earliest', 'soonest'],
  when: ['free', 'available', 'done', 'finish', 'finished'],
  addOn: ['add on', 'add-on', 'addon'],
  bump: ['to the depot', 'to depot', 'back to depot', 'back to the depot'],
};

/** Words that only repeat the verb: "is the robot *free*". */
const echoes: Partial<Record<Verb, readonly string[]>> = {
  find: ['free', 'available', 'opening', 'openings', 'slot', 'slots', 'spot', 'space'],
  when: ['free', 'available', 'done', 'finish', 'finished', 'open'],
  delay: ['late', 'delayed', 'behind', 'more', 'back'],
  who: ['using', 'got', 'has'],
};
export const isEcho = (word: string, verb: Verb | null) =>
  verb !== null && (echoes[verb]?.includes(word) ?? false);

const urgencies: Readonly<Record<string, Urgency>> = {
  stat: 'immediate',
  emergency: 'immediate',
  emergent: 'immediate',
  immediate: 'immediate',
  immediately: 'immediate',
  asap: 'urgent',
  urgent: 'urgent',
  urgently: 'urgent',
  expedited: 'expedited',
  elective: 'elective',
};

type Spelling = { readonly verb: Verb; readonly words: readonly string[] };
const spellingsOf = (table: Partial<Record<Verb, readonly string[]>>): readonly Spelling[] =>
  Object.entries(table)
    .flatMap(([verb, phrases]) => phrases.map((phrase) => ({ verb: verb as Verb, words: phrase.split(' ') })))
    .toSorted((a, b) => b.words.length - a.words.length);
const [openerSpellings, closerSpellings] = [spellingsOf(openers), spellingsOf(closers)];

const startsAt = (words: readonly string[], at: number, spelling: Spelling) =>
  spelling.words.every((word, nth) => words[at + nth] === word);

/** Matches a verb: at the start of the phrase, or after its object. */
export function verbAt(words: readonly string[], at: number, isFirst: boolean): Match<Verb> | null {
  const found = (isFirst ? openerSpellings : closerSpellings).find((spelling) =>
    startsAt(words, at, spelling),
  );
  return found ? { meaning: found.verb, words: found.words.length } : null;
}

export const urgencyOf = (word: string): Urgency | null => urgencies[word] ?? null;

/** Every word that can start a phrase, used to correct misspelled words. */
export const verbWords: readonly string[] = openerSpellings.flatMap(({ words }) => words);
