import type { Urgency } from '@slate/shared/cases';
import type { Procedure, Resource } from '@slate/shared/resources';
import { minutesShort } from '../../../words/time.ts';
import { dateAt, dateWords, weekAt } from './dates.ts';
import {
  equipmentAt,
  familyName,
  fitOf,
  fitsAll,
  isTitle,
  noRoomAt,
  proceduresFor,
  roomsAt,
  surgeonsFor,
  withInitial,
  procedureVocabulary,
} from './names.ts';
import { hourAt, lengthAt, minutesFrom, relativeTimeAt, spanAt, timeAt, untilAt, windowAt } from './times.ts';
import type { Clock, Span, TimeWindow } from './times.ts';
import { isEcho, urgencyOf, verbAt, verbWords } from './verbs.ts';
import type { Verb } from './verbs.ts';
import { correctionFor, wordsOf } from './words.ts';
import type { Match } from './words.ts';

/** The meanings of words at this site today. */
export type Vocabulary = {
  readonly today: string;
  /** The time of day now, for "in 30 min". */
  readonly time: string;
  readonly rooms: readonly Resource[];
  readonly surgeons: readonly Resource[];
  readonly equipment: readonly Resource[];
  readonly procedures: readonly Procedure[];
  /** The titles of cases on the board: not all are in the catalog. */
  readonly titles: readonly string[];
  /** Returns how often a procedure is done, by this surgeon or by anyone. The most common match wins. */
  readonly usage: (procedureId: string, surgeonId: string | null) => number;
};

/** The parts a phrase can have besides its verb. */
export type Part =
  | 'rooms'
  | 'clock'
  | 'until'
  | 'window'
  | 'date'
  | 'minutes'
  | 'about'
  | 'surgeons'
  | 'equipment'
  | 'number'
  | 'urgency';

/**
 * The meaning of a phrase; its parts can be in any order. A part with several meanings lists them, most likely first. No word
 * gets lost: words that fit nowhere are in `unknown`.
 */
export type Phrase = {
  readonly verb: Verb | null;
  readonly rooms: readonly Resource[];
  readonly clock: Clock | null;
  readonly until: Clock | null;
  /** A range of times of day: "after 2pm", "in the morning". */
  readonly window: TimeWindow | null;
  readonly date: string | null;
  /** The number of days from the date: seven for a week. */
  readonly days: number;
  readonly minutes: number | null;
  /** The words that name a procedure, and the procedures they match. */
  readonly about: readonly string[];
  readonly procedures: readonly Procedure[];
  readonly surgeons: readonly Resource[];
  readonly equipment: readonly Resource[];
  /** A case number: C-20418. */
  readonly number: number | null;
  readonly urgency: Urgency | null;
  readonly isNow: boolean;
  /** The part before "to", which names the case. The rest names the new place. */
  readonly from: Phrase | null;
  /** The words of each part. */
  readonly words: Readonly<Partial<Record<Part, string>>>;
  /** The words that are not a time, place or equipment: people, procedures and unknown words. */
  readonly rest: readonly string[];
  /** Misspelled words and their corrections. */
  readonly corrected: readonly { typed: string; meaning: string }[];
  /** Words without a meaning, or that repeat a part. */
  readonly unknown: readonly string[];
};

/** Words that do not change the meaning. "Not", "except" and "without" are not among them. */
const filler = new Set(
  (
    'a an the for in at on with of and by to from me my i we please can could you need want get give do it this that ' +
    'case cases there is are will be running any some room or time surgery patient pt be over - – — ->'
  ).split(' '),
);
const minMinutes = 5;
const maxMinutes = 1440;

export function parsePhrase(text: string, vocabulary: Vocabulary): Phrase {
  const words = wordsOf(text);
  const phrase = parseWords(words, vocabulary, true);
  // "move X to Y": the first half names the case, the second the place.
  const to = words.findIndex((word, at) => at > 0 && (word === 'to' || word === 'into' || word === '->'));
  if (phrase.verb !== 'move' || to < 0) return phrase;
  const from = parseWords(words.slice(0, to), vocabulary, true);
  if (/^(?:the )?depot$/.test(words.slice(to + 1).join(' '))) return { ...from, verb: 'bump' };
  const where = parseWords(words.slice(to + 1), vocabulary, false);
  return {
    ...where,
    verb: 'move',
    from,
    corrected: [...from.corrected, ...where.corrected],
    unknown: [...from.unknown, ...where.unknown],
  };
}

type Parts = {
  -readonly [
    Key in keyof Omit<
      Phrase,
      'verb' | 'about' | 'procedures' | 'surgeons' | 'from' | 'words' | 'rest' | 'corrected' | 'unknown'
    >
  ]: Phrase[Key];
};

function parseWords(typedWords: readonly string[], vocabulary: Vocabulary, isWhole: boolean): Phrase {
  const corrected: { typed: string; meaning: string }[] = [];
  const words = typedWords.map((word) => correctedWord(word, vocabulary, corrected));
  const parts: Parts = {
    rooms: [],
    clock: null,
    until: null,
    window: null,
    date: null,
    days: 1,
    minutes: null,
    equipment: [],
    number: null,
    urgency: null,
    isNow: false,
  };
  const partWords: Partial<Record<Part, string>> = {};
  const rest: string[] = [];
  const restAsTyped: string[] = [];
  const unknown: string[] = [];
  let verb: Verb | null = null;
  let isFirst = isWhole;
  let isAfterDate = false;
  let at = 0;

  /** Takes a part of the phrase. The second one of a kind counts as unknown. */
  const take = <Meaning>(part: Part, match: Match<Meaning> | null, put: (meaning: Meaning) => void) => {
    if (!match) return false;
    const typed = words.slice(at, at + match.words).join(' ');
    if (partWords[part] === undefined) {
      partWords[part] = typed;
      put(match.meaning);
    } else unknown.push(typed);
    at += match.words;
    return true;
  };
  const takeWord = (part: Part, word: string, put: () => void) => {
    if (partWords[part] === undefined) {
      partWords[part] = word;
      put();
    } else unknown.push(word);
  };
  const takeSpan = ({ from, to }: Span) => {
    const isOther = from.other !== null && isAfter(to.time, from.other) && !isAfter(to.time, from.time);
    parts.clock = isOther ? swapped(from) : from;
    parts.minutes = minutesFrom(parts.clock.time, to.time);
    partWords.minutes = partWords.clock ?? '';
  };
  const isEquipmentOf = (match: Match<Resource[]> | null) => {
    // "Robot hysterectomy", "nav knee", "scope": part of a procedure's name, if the other words agree.
    const procedureWords = [...rest.filter((word) => isProcedureWord(word, vocabulary)), words[at] ?? ''];
    const isPartOfIt = proceduresFor(procedureWords, vocabulary.procedures).length > 0;
    const asks = verb === 'who' || verb === 'when';
    const next = words[at + (match?.words ?? 0)] ?? '';
    const isWithNext =
      proceduresFor([words[at] ?? '', next], vocabulary.procedures).length > 0 && next !== '';
    return match !== null && (asks || !(isPartOfIt && (procedureWords.length > 1 || isWithNext)));
  };

  while (at < words.length) {
    const word = words[at] ?? '';
    const date = dateAt(words, at, vocabulary.today);
    const pools = equipmentAt(words, at, vocabulary.equipment);
    const number = /^(?:c-|#)(\d+)$/.exec(word)?.[1];
    const verbHere: Match<Verb> | null = date === null && verb === null ? verbAt(words, at, isFirst) : null;
    if (verbHere) {
      verb = verbHere.meaning;
      at += verbHere.words;
      isFirst = false;
      continue;
    }
    const isSpanOpen = parts.clock === null && parts.minutes === null;
    const isBesideDate = isAfterDate || isDateNext(words, at, vocabulary);
    const isTaken =
      (isSpanOpen && take('clock', spanAt(words, at), takeSpan)) ||
      take('until', untilAt(words, at), (until) => (parts.until = until)) ||
      take('window', windowAt(words, at), (window) => (parts.window = window)) ||
      take('clock', relativeTimeAt(words, at, vocabulary), (soon) => {
        parts.clock = { time: soon.time, other: null };
        parts.date ??= soon.date;
      }) ||
      take('date', weekAt(words, at, vocabulary.today), (monday) => {
        parts.date = monday;
        parts.days = 7;
      }) ||
      take('date', date, (meaning) => (parts.date = meaning)) ||
      take('clock', timeAt(words, at), (clock) => (parts.clock = clock)) ||
      take('rooms', roomsAt(words, at, vocabulary.rooms), (rooms) => (parts.rooms = rooms)) ||
      take('equipment', isEquipmentOf(pools) ? pools : null, (meaning) => (parts.equipment = meaning)) ||
      take('minutes', lengthAt(words, at), (minutes) => (parts.minutes = minutes)) ||
      take('clock', isBesideDate ? hourAt(word) : null, (clock) => (parts.clock = clock));
    if (isTaken) {
      isFirst = false;
      isAfterDate = date !== null;
      continue;
    }
    const urgency = urgencyOf(word);
    const noRoom = noRoomAt(words, at, vocabulary.rooms);
    if (noRoom > 0) unknown.push(words.slice(at, at + noRoom).join(' '));
    else if (number !== undefined) takeWord('number', word, () => (parts.number = Number(number)));
    else if (word === 'now') parts.isNow = true;
    else if (urgency !== null) takeWord('urgency', word, () => (parts.urgency = urgency));
    else if (
      (!filler.has(word) && !isEcho(word, verb) && !isTitle(word)) ||
      isInitial(words, at, vocabulary)
    ) {
      rest.push(word);
      restAsTyped.push(typedWords[at] ?? '');
    }
    // Words such as "please" and "can you" do not count as the first word.
    if (!filler.has(word) || noRoom > 0) isFirst = false;
    isAfterDate = false;
    at += Math.max(1, noRoom);
  }

  const people = namesIn(rest, vocabulary);
  const isLength = parts.minutes === null || (parts.minutes >= minMinutes && parts.minutes <= maxMinutes);
  const tooLong = isLength || parts.minutes === null ? [] : [minutesShort(parts.minutes)];
  return {
    verb,
    ...parts,
    about: people.about,
    procedures: people.procedures,
    surgeons: people.surgeons,
    minutes: isLength ? parts.minutes : null,
    from: null,
    words: {
      ...partWords,
      ...(people.about.length > 0 && { about: people.about.join(' ') }),
      ...(people.surgeons.length > 0 && { surgeons: people.surgeonWords.join(' ') }),
    },
    rest: restAsTyped,
    corrected,
    unknown: [...unknown, ...tooLong, ...people.unknown],
  };
}

const isAfter = (a: string, b: string) => a > b;
const swapped = ({ time, other }: Clock): Clock => ({ time: other ?? time, other: time });
const isDateNext = (words: readonly string[], at: number, { today }: Vocabulary) =>
  dateAt(words, at + 1, today) !== null;

/** Whether the word is a surgeon's initial, such as the "a" in "haddad a". */
const isInitial = (words: readonly string[], at: number, { surgeons }: Vocabulary) => {
  const before = words[at - 1];
  const named = before === undefined ? null : surgeonsFor(before, surgeons);
  return named !== null && withInitial(named.meaning, words[at] ?? '').length > 0;
};

const isProcedureWord = (word: string, { procedures, titles }: Vocabulary) =>
  procedures.some(({ name }) => fitOf(word, name)) || titles.some((title) => fitOf(word, title));

const spellings = new WeakMap<Vocabulary, ReadonlySet<string>>();

function spellingsOf(vocabulary: Vocabulary): ReadonlySet<string> {
  const before = spellings.get(vocabulary);
  if (before) return before;
  const all = [
    ...procedureVocabulary([...vocabulary.procedures.map(({ name }) => name), ...vocabulary.titles]),
    ...vocabulary.surgeons.map(({ name }) => familyName(name)),
    ...verbWords,
    ...dateWords,
  ];
  const spelling = new Set(all.filter((word) => word.length >= 4));
  spellings.set(vocabulary, spelling);
  return spelling;
}

/** Returns the word, corrected if it can only be a typing error. */
function correctedWord(
  word: string,
  vocabulary: Vocabulary,
  corrected: { typed: string; meaning: string }[],
): string {
  const isKnown =
    !/^\p{Letter}+$/u.test(word) ||
    filler.has(word) ||
    isTitle(word) ||
    urgencyOf(word) !== null ||
    isProcedureWord(word, vocabulary) ||
    surgeonsFor(word, vocabulary.surgeons) !== null ||
    verbWords.includes(word);
  const meaning = isKnown ? null : correctionFor(word, spellingsOf(vocabulary));
  if (meaning === null) return word;
  corrected.push({ typed: word, meaning });
  return meaning;
}

/** Sorts the remaining words into surgeons, procedures and unknown ones. */
function namesIn(words: readonly string[], vocabulary: Vocabulary) {
  let surgeons: Resource[] = [];
  const surgeonWords: string[] = [];
  const about: string[] = [];
  const unknown: string[] = [];
  const fitTogether = (all: readonly string[]) =>
    proceduresFor(all, vocabulary.procedures).length > 0 ||
    vocabulary.titles.some((title) => fitsAll(all, title));
  for (const word of words) {
    const initials = surgeons.length > 0 ? withInitial(surgeons, word) : [];
    const person = surgeons.length === 0 ? surgeonsFor(word, vocabulary.surgeons) : null;
    const fits = [...vocabulary.procedures.map(({ name }) => name), ...vocabulary.titles].map((name) =>
      fitOf(word, name),
    );
    const isExact = fits.includes('exact');
    const isBegun = isExact || fits.includes('begun');
    const isPerson = person && (!isBegun || (person.fit === 'exact' && !isExact));
    if (!isPerson && initials.length === 0 && isBegun && fitTogether([...about, word])) about.push(word);
    else if (initials.length > 0 || person) {
      surgeons = initials.length > 0 ? initials : (person?.meaning ?? []);
      surgeonWords.push(word);
    } else unknown.push(word);
  }
  const surgeonId = surgeons.length === 1 ? (surgeons[0]?.id ?? null) : null;
  const found = about.length === 0 ? [] : proceduresFor(about, vocabulary.procedures);
  const service = surgeons[0]?.attributes.service;
  const rank = (procedure: Procedure) => [
    -about.filter((word) => fitOf(word, procedure.name) === 'exact').length,
    service === undefined || procedure.service === service ? 0 : 1,
    surgeonId === null ? 0 : -vocabulary.usage(procedure.id, surgeonId),
    -vocabulary.usage(procedure.id, null),
    procedure.name.length,
  ];
  const procedures = found
    .map((procedure) => ({ procedure, rank: rank(procedure) }))
    .toSorted((a, b) => compare(a.rank, b.rank) || (a.procedure.name < b.procedure.name ? -1 : 1))
    .map(({ procedure }) => procedure);
  return { surgeons, surgeonWords, about, procedures, unknown };
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const other = b[index] ?? 0;
    if (value !== other) return value - other;
  }
  return 0;
}
