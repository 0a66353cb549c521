import type { Procedure, Resource } from '@slate/shared/resources';
import { compact, partsOf } from './words.ts';
import type { Match } from './words.ts';

const anyRoom = new Set(['room', 'theatre', 'theater']);
const isNumber = (part: string) => /^\d+$/.test(part);

/**
 * Matches rooms: "or 9", "or09", "main or 9", "amb 2", "room 9". The number must be complete, but the words may be shortened. If
 * several buildings have an "OR 9", returns all of them.
 */
export function roomsAt(
  words: readonly string[],
  at: number,
  rooms: readonly Resource[],
): Match<Resource[]> | null {
  let best: Match<Resource[]> | null = null;
  for (const room of rooms) {
    const count = namesRoom(words, at, partsOf(room.name));
    if (count === 0) continue;
    if (!best || count > best.words) best = { meaning: [room], words: count };
    else if (count === best.words) best.meaning.push(room);
  }
  return best;
}

/** Returns how many words look like a room that does not exist ("or 99"), so that its number is not read as a length or time. */
export function noRoomAt(words: readonly string[], at: number, rooms: readonly Resource[]): number {
  const [name = '', number] = partsOf(words[at] ?? '');
  const isName =
    anyRoom.has(name) || rooms.some((room) => partsOf(room.name).some((part) => isStartOf(name, part)));
  if (isNumber(name) || !isName) return 0;
  if (number !== undefined) return isNumber(number) ? 1 : 0;
  return /^\d{1,3}$/.test(words[at + 1] ?? '') ? 2 : 0;
}

/** Returns how many words name the room; 0 if they do not. */
function namesRoom(words: readonly string[], at: number, parts: readonly string[]): number {
  const number = parts.find(isNumber);
  const names = parts.filter((part) => !isNumber(part));
  let spoken = 0;
  let from = 0;
  for (let next = at; next < words.length; next++) {
    const typed = partsOf(words[next] ?? '');
    // "or9" has two parts. The number must not come first: "90m" is not a room.
    if (
      typed.length === 0 ||
      typed.length > 2 ||
      (typed.length === 2 && (isNumber(typed[0] ?? '') || !isNumber(typed[1] ?? '')))
    )
      return 0;
    const [first = '', second] = typed;
    if (isNumber(first)) return spoken > 0 && first === number ? next - at + 1 : 0;
    const place = names.findIndex((name, index) => index >= from && isStartOf(first, name));
    const isGeneral = anyRoom.has(first) && spoken === 0;
    if (place < 0 && !isGeneral) return 0;
    if (place >= 0) from = place + 1;
    spoken++;
    if (second !== undefined) return second === number ? next - at + 1 : 0;
    const isComplete = number === undefined && names.length > 0 && from === names.length;
    if (isComplete) return next - at + 1;
  }
  return 0;
}

/** Whether the text is the whole name, or at least its first three letters. */
const isStartOf = (text: string, name: string) =>
  name === text || (text.length >= 3 && name.startsWith(text));

const titles = new Set(['dr', 'dr.', 'prof', 'prof.', 'doctor', 'surgeon', 'doc', 'md']);

type Fit = 'exact' | 'begun';

/** Returns `obrien` for "O'Brien S". */
export const familyName = (name: string) => compact(name.split(' ')[0] ?? '');

/** Matches surgeons by family name, complete or its start. */
export function surgeonsFor(
  word: string,
  surgeons: readonly Resource[],
): { fit: Fit; meaning: Resource[] } | null {
  const exact = surgeons.filter(({ name }) => familyName(name) === word);
  if (exact.length > 0) return { fit: 'exact', meaning: exact };
  if (word.length < 3) return null;
  const begun = surgeons.filter(({ name }) => familyName(name).startsWith(word));
  return begun.length > 0 ? { fit: 'begun', meaning: begun } : null;
}

/** Returns the surgeons with this initial: "Haddad A" of several Haddads. */
export function withInitial(meaning: readonly Resource[], word: string): Resource[] {
  const letter = word.replace('.', '');
  return letter.length === 1
    ? meaning.filter(({ name }) => compact(name.split(' ')[1] ?? '').startsWith(letter))
    : [];
}
export const isTitle = (word: string) => titles.has(word);

/** Common abbreviations, and the words of the catalog that they stand for. */
const abbreviations: Readonly<Record<string, readonly string[]>> = {
  acl: ['anterior', 'cruciate'],
  appy: ['appendectomy'],
  appendix: ['appendectomy'],
  avf: ['arteriovenous', 'fistula'],
  avr: ['aortic', 'valve', 'replacement'],
  cataracts: ['cataract'],
  cea: ['carotid', 'endarterectomy'],
  chole: ['cholecystectomy'],
  choly: ['cholecystectomy'],
  crani: ['craniotomy'],
  ctr: ['carpal', 'tunnel', 'release'],
  cysto: ['cystoscopy'],
  evar: ['endovascular', 'aneurysm'],
  exlap: ['exploratory', 'laparotomy'],
  fem: ['femoropopliteal'],
  fx: ['fracture'],
  fess: ['endoscopic', 'sinus'],
  gallbladder: ['cholecystectomy'],
  hips: ['hip'],
  hyster: ['hysterectomy'],
  hyst: ['hysterectomy'],
  knees: ['knee'],
  nephrectomy: ['nephrectomy'],
  orif: ['fracture', 'fixation'],
  pop: ['femoropopliteal'],
  prostate: ['prostatectomy'],
  scope: ['arthroscopy'],
  tonsils: ['tonsillectomy'],
  turp: ['transurethral', 'resection', 'prostate'],
};

const initialsOf = (parts: readonly string[]) => parts.map((part) => part[0]).join('');

/** Returns how well a word matches the name of a procedure or a case. */
export function fitOf(word: string, name: string): Fit | null {
  const parts = partsOf(name);
  if (parts.includes(word)) return 'exact';
  if (abbreviations[word]?.every((part) => parts.includes(part))) return 'exact';
  // "tka" and "cabg" are initials.
  if (word.length >= 3 && initialsOf(parts) === word) return 'exact';
  return word.length >= 2 && parts.some((part) => part.startsWith(word)) ? 'begun' : null;
}

export const fitsAll = (words: readonly string[], name: string) =>
  words.every((word) => fitOf(word, name) !== null);

/** Returns the procedures that all words match. */
export const proceduresFor = (words: readonly string[], procedures: readonly Procedure[]): Procedure[] =>
  procedures.filter(({ name }) => fitsAll(words, name));

/** Returns every word that can name a procedure, used to correct misspelled words. */
export const procedureVocabulary = (names: readonly string[]): string[] => [
  ...Object.keys(abbreviations),
  ...names.flatMap(partsOf),
];

/** Common names for equipment pools. */
const nicknames: Readonly<Record<string, readonly string[]>> = {
  carm: ['carm'],
  xray: ['carm'],
  fluoro: ['carm'],
  robot: ['robot', 'surgicalrobot'],
  davinci: ['robot', 'surgicalrobot'],
  scope: ['microscope', 'arthroscopytower', 'laparoscopytower'],
  tower: ['arthroscopytower', 'laparoscopytower'],
  laptower: ['laparoscopytower'],
  arthrotower: ['arthroscopytower'],
  scopetower: ['arthroscopytower'],
  nav: ['navigation'],
  laser: ['holmiumlaser'],
  holmium: ['holmiumlaser'],
};

/** Matches equipment: "c-arm", "c arm", "carm", "cell saver", "the robots". */
export function equipmentAt(
  words: readonly string[],
  at: number,
  pools: readonly Resource[],
): Match<Resource[]> | null {
  for (const count of [3, 2, 1]) {
    if (at + count > words.length) continue;
    const typed = compact(words.slice(at, at + count).join(''));
    const meaning = [typed, typed.replace(/s$/, '')]
      .map((one) => pools.filter(({ name }) => (nicknames[one] ?? [one]).includes(compact(name))))
      .find((found) => found.length > 0);
    if (meaning) return { meaning, words: count };
  }
  return null;
}
