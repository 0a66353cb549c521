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
  wordsDone,
} from './names.ts';
import { hourAt, lengthAt, minutesFrom, soonAt, spanAt, timeAt, untilAt, windowAt } from './times.ts';
import type { Clock, Span, TimeWindow } from './times.ts';
import { isEcho, urgencyOf, verbAt, verbWords } from './verbs.ts';
import type { Verb } from './verbs.ts';
import { misspelled, wordsOf } from './words.ts';
import type { Taken } from './words.ts';

/** What words can mean at this site, today. */
export type Known = {
  readonly today: string;
  /** The time of day now, for "in 30 min". */
  readonly time: string;
  readonly rooms: readonly Resource[];
  readonly surgeons: readonly Resource[];
  readonly equipment: readonly Resource[];
  readonly procedures: readonly Procedure[];
  /** The titles of cases on the board: not all are in the catalog. */
  readonly titles: readonly string[];
  /** How often a procedure is done, by this surgeon or by anyone: the most common match wins. */
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
 * A phrase as understood, in any order. A part that can mean several things lists them, likeliest first. No word is
 * dropped: those that fit nowhere are in `unknown`.
 */
export type Phrase = {
  readonly verb: Verb | null;
  readonly rooms: readonly Resource[];
  readonly clock: Clock | null;
  readonly until: Clock | null;
  /** A range of times of day: "after 2pm", "in the morning". */
  readonly window: TimeWindow | null;
  readonly date: string | null;
  /** How many days from the date: seven if a week was typed. */
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
  /** The part before "to", which names the case; the rest says where it goes. */
  readonly from: Phrase | null;
  /** The words of each part. */
  readonly words: Readonly<Partial<Record<Part, string>>>;
  /** Words that are not a time, place or equipment: people, procedures, and unknown ones. */
  readonly rest: readonly string[];
  /** Words that were read as misspelled. */
  readonly corrected: readonly { said: string; meant: string }[];
  /** Words that nothing here is called by, or that repeat a part. */
  readonly unknown: readonly string[];
};

/** Words that do not change the meaning. "Not", "except" and "without" are not among them. */
const filler = new Set(
  (
    'a an the for in at on with of and by to from me my i we please can could you need want get give do it this that ' +
    'case cases there is are will be running any some room or time surgery patient pt be over - – — ->'
  ).split(' '),
);
const shortest = 5;
const longest = 1440;

export function parsePhrase(text: string, known: Known): Phrase {
  const words = wordsOf(text);
  const phrase = parseWords(words, known, true);
  // "move X to Y": the first half names the case, the second the place.
  const to = words.findIndex((word, at) => at > 0 && (word === 'to' || word === 'into' || word === '->'));
  if (phrase.verb !== 'move' || to < 0) return phrase;
  const from = parseWords(words.slice(0, to), known, true);
  if (/^(?:the )?depot$/.test(words.slice(to + 1).join(' '))) return { ...from, verb: 'bump' };
  const where = parseWords(words.slice(to + 1), known, false);
  return {
    ...where,
    verb: 'move',
    from,
    corrected: [...from.corrected, ...where.corrected],
    unknown: [...from.unknown, ...where.unknown],
  };
}

type Said = {
  -readonly [
    Key in keyof Omit<
      Phrase,
      'verb' | 'about' | 'procedures' | 'surgeons' | 'from' | 'words' | 'rest' | 'corrected' | 'unknown'
    >
  ]: Phrase[Key];
};

function parseWords(given: readonly string[], known: Known, isWhole: boolean): Phrase {
  const corrected: { said: string; meant: string }[] = [];
  const words = given.map((word) => spelled(word, known, corrected));
  const said: Said = {
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
  const saidBy: Partial<Record<Part, string>> = {};
  const rest: string[] = [];
  const restAsTyped: string[] = [];
  const unknown: string[] = [];
  let verb: Verb | null = null;
  let isFirst = isWhole;
  let isAfterDate = false;
  let at = 0;

  /** A part that is given twice is not understood. */
  const keep = <Meaning>(part: Part, taken: Taken<Meaning> | null, put: (meant: Meaning) => void) => {
    if (!taken) return false;
    const typed = words.slice(at, at + taken.words).join(' ');
    if (saidBy[part] === undefined) {
      saidBy[part] = typed;
      put(taken.meant);
    } else unknown.push(typed);
    at += taken.words;
    return true;
  };
  const keepWord = (part: Part, word: string, put: () => void) => {
    if (saidBy[part] === undefined) {
      saidBy[part] = word;
      put();
    } else unknown.push(word);
  };
  const keepSpan = ({ from, to }: Span) => {
    const isOther = from.other !== null && isAfter(to.time, from.other) && !isAfter(to.time, from.time);
    said.clock = isOther ? swapped(from) : from;
    said.minutes = minutesFrom(said.clock.time, to.time);
    saidBy.minutes = saidBy.clock ?? '';
  };
  const isEquipmentOf = (taken: Taken<Resource[]> | null) => {
    // "Robot hysterectomy", "nav knee", "scope": part of a procedure's name, if the other words agree.
    const asDone = [...rest.filter((word) => isDone(word, known)), words[at] ?? ''];
    const isPartOfIt = proceduresFor(asDone, known.procedures).length > 0;
    const asks = verb === 'who' || verb === 'when';
    const next = words[at + (taken?.words ?? 0)] ?? '';
    const goesOn = proceduresFor([words[at] ?? '', next], known.procedures).length > 0 && next !== '';
    return taken !== null && (asks || !(isPartOfIt && (asDone.length > 1 || goesOn)));
  };

  while (at < words.length) {
    const word = words[at] ?? '';
    const date = dateAt(words, at, known.today);
    const pools = equipmentAt(words, at, known.equipment);
    const number = /^(?:c-|#)(\d+)$/.exec(word)?.[1];
    const verbHere: Taken<Verb> | null = date === null && verb === null ? verbAt(words, at, isFirst) : null;
    if (verbHere) {
      verb = verbHere.meant;
      at += verbHere.words;
      isFirst = false;
      continue;
    }
    const isSpanOpen = said.clock === null && said.minutes === null;
    const isBesideDate = isAfterDate || isDateNext(words, at, known);
    const isTaken =
      (isSpanOpen && keep('clock', spanAt(words, at), keepSpan)) ||
      keep('until', untilAt(words, at), (until) => (said.until = until)) ||
      keep('window', windowAt(words, at), (window) => (said.window = window)) ||
      keep('clock', soonAt(words, at, known), (soon) => {
        said.clock = { time: soon.time, other: null };
        said.date ??= soon.date;
      }) ||
      keep('date', weekAt(words, at, known.today), (monday) => {
        said.date = monday;
        said.days = 7;
      }) ||
      keep('date', date, (meant) => (said.date = meant)) ||
      keep('clock', timeAt(words, at), (clock) => (said.clock = clock)) ||
      keep('rooms', roomsAt(words, at, known.rooms), (rooms) => (said.rooms = rooms)) ||
      keep('equipment', isEquipmentOf(pools) ? pools : null, (meant) => (said.equipment = meant)) ||
      keep('minutes', lengthAt(words, at), (minutes) => (said.minutes = minutes)) ||
      keep('clock', isBesideDate ? hourAt(word) : null, (clock) => (said.clock = clock));
    if (isTaken) {
      isFirst = false;
      isAfterDate = date !== null;
      continue;
    }
    const urgency = urgencyOf(word);
    const noRoom = noRoomAt(words, at, known.rooms);
    if (noRoom > 0) unknown.push(words.slice(at, at + noRoom).join(' '));
    else if (number !== undefined) keepWord('number', word, () => (said.number = Number(number)));
    else if (word === 'now') said.isNow = true;
    else if (urgency !== null) keepWord('urgency', word, () => (said.urgency = urgency));
    else if ((!filler.has(word) && !isEcho(word, verb) && !isTitle(word)) || isInitial(words, at, known)) {
      rest.push(word);
      restAsTyped.push(given[at] ?? '');
    }
    // "Please", "can you" and the like do not start the command.
    if (!filler.has(word) || noRoom > 0) isFirst = false;
    isAfterDate = false;
    at += Math.max(1, noRoom);
  }

  const people = namesIn(rest, known);
  const isLength = said.minutes === null || (said.minutes >= shortest && said.minutes <= longest);
  const tooLong = isLength || said.minutes === null ? [] : [minutesShort(said.minutes)];
  return {
    verb,
    ...said,
    about: people.about,
    procedures: people.procedures,
    surgeons: people.surgeons,
    minutes: isLength ? said.minutes : null,
    from: null,
    words: {
      ...saidBy,
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
const isDateNext = (words: readonly string[], at: number, { today }: Known) =>
  dateAt(words, at + 1, today) !== null;

/** The "a" in "haddad a" is not the article. */
const isInitial = (words: readonly string[], at: number, { surgeons }: Known) => {
  const before = words[at - 1];
  const named = before === undefined ? null : surgeonsFor(before, surgeons);
  return named !== null && withInitial(named.meant, words[at] ?? '').length > 0;
};

const isDone = (word: string, { procedures, titles }: Known) =>
  procedures.some(({ name }) => fitOf(word, name)) || titles.some((title) => fitOf(word, title));

const vocabularies = new WeakMap<Known, ReadonlySet<string>>();

function vocabularyOf(known: Known): ReadonlySet<string> {
  const before = vocabularies.get(known);
  if (before) return before;
  const all = [
    ...wordsDone([...known.procedures.map(({ name }) => name), ...known.titles]),
    ...known.surgeons.map(({ name }) => familyName(name)),
    ...verbWords,
    ...dateWords,
  ];
  const made = new Set(all.filter((word) => word.length >= 4));
  vocabularies.set(known, made);
  return made;
}

/** The corrected word, if it can only be a typing error. */
function spelled(word: string, known: Known, corrected: { said: string; meant: string }[]): string {
  const isKnown =
    !/^\p{Letter}+$/u.test(word) ||
    filler.has(word) ||
    isTitle(word) ||
    urgencyOf(word) !== null ||
    isDone(word, known) ||
    surgeonsFor(word, known.surgeons) !== null ||
    verbWords.includes(word);
  const meant = isKnown ? null : misspelled(word, vocabularyOf(known));
  if (meant === null) return word;
  corrected.push({ said: word, meant });
  return meant;
}

/** The remaining words: surgeons, procedures, or unknown. */
function namesIn(words: readonly string[], known: Known) {
  let surgeons: Resource[] = [];
  const surgeonWords: string[] = [];
  const about: string[] = [];
  const unknown: string[] = [];
  const fitTogether = (all: readonly string[]) =>
    proceduresFor(all, known.procedures).length > 0 || known.titles.some((title) => fitsAll(all, title));
  for (const word of words) {
    const initials = surgeons.length > 0 ? withInitial(surgeons, word) : [];
    const person = surgeons.length === 0 ? surgeonsFor(word, known.surgeons) : null;
    const fits = [...known.procedures.map(({ name }) => name), ...known.titles].map((name) =>
      fitOf(word, name),
    );
    const isExact = fits.includes('exact');
    const isBegun = isExact || fits.includes('begun');
    const isPerson = person && (!isBegun || (person.fit === 'exact' && !isExact));
    if (!isPerson && initials.length === 0 && isBegun && fitTogether([...about, word])) about.push(word);
    else if (initials.length > 0 || person) {
      surgeons = initials.length > 0 ? initials : (person?.meant ?? []);
      surgeonWords.push(word);
    } else unknown.push(word);
  }
  const surgeonId = surgeons.length === 1 ? (surgeons[0]?.id ?? null) : null;
  const found = about.length === 0 ? [] : proceduresFor(about, known.procedures);
  const service = surgeons[0]?.attributes.service;
  const rank = (procedure: Procedure) => [
    -about.filter((word) => fitOf(word, procedure.name) === 'exact').length,
    service === undefined || procedure.service === service ? 0 : 1,
    surgeonId === null ? 0 : -known.usage(procedure.id, surgeonId),
    -known.usage(procedure.id, null),
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
