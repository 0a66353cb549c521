import type { Procedure, Resource } from '@slate/shared/resources';
import { minutesShort } from '../../words/time.ts';
import { dateAt } from './phrase-dates.ts';
import { fitOf, isTitle, proceduresFor, roomsAt, surgeonsFor, withInitial } from './phrase-names.ts';
import { lengthAt, minutesFrom, spanAt, timeAt } from './phrase-times.ts';
import type { Clock, Span } from './phrase-times.ts';
import { wordsOf } from './phrase-words.ts';
import type { Taken } from './phrase-words.ts';

/** What the words of a phrase may mean here and today. */
export type Known = {
  readonly today: string;
  readonly rooms: readonly Resource[];
  readonly surgeons: readonly Resource[];
  readonly procedures: readonly Procedure[];
  /** How often a procedure is done, by this surgeon or by anybody: of two that fit, the usual one is meant. */
  readonly usage: (procedureId: string, surgeonId: string | null) => number;
};

/**
 * A phrase as it was understood, in whatever order it was said. What could mean several things lists them, the
 * likeliest first.
 */
export type Phrase = {
  /** What is asked to be done, where that was said. */
  readonly verb: 'hold' | 'find' | null;
  readonly rooms: readonly Resource[];
  readonly clock: Clock | null;
  readonly date: string | null;
  readonly minutes: number | null;
  readonly procedures: readonly Procedure[];
  readonly surgeons: readonly Resource[];
  /** Words nothing here is called by, or that say something twice. */
  readonly unknown: readonly string[];
};

const verbs: Readonly<Record<string, Phrase['verb']>> = {
  hold: 'hold',
  place: 'hold',
  book: 'hold',
  find: 'find',
  free: 'find',
  opening: 'find',
  openings: 'find',
  slot: 'find',
  slots: 'find',
};

/** Said for the flow of the sentence. */
const filler = new Set(['a', 'an', 'the', 'for', 'in', 'at', 'on', 'with', 'of', 'and', 'by', '-', '–', '—']);
const shortest = 5;
const longest = 1440;

type Said = { -readonly [Part in 'rooms' | 'clock' | 'date' | 'minutes']: Phrase[Part] };

export function parsePhrase(text: string, known: Known): Phrase {
  const words = wordsOf(text);
  const verb = verbs[words[0] ?? ''] ?? null;
  const said: Said = { rooms: [], clock: null, date: null, minutes: null };
  const rest: string[] = [];
  const unknown: string[] = [];
  let at = verb === null ? 0 : 1;

  /** What is said a second time is not understood. */
  const keep = <Meaning>(taken: Taken<Meaning> | null, isOpen: boolean, put: (meant: Meaning) => void) => {
    if (!taken) return false;
    if (isOpen) put(taken.meant);
    else unknown.push(words.slice(at, at + taken.words).join(' '));
    at += taken.words;
    return true;
  };
  const keepSpan = ({ from, to }: Span) => {
    const isOther = from.other !== null && isAfter(to.time, from.other) && !isAfter(to.time, from.time);
    said.clock = isOther ? swapped(from) : from;
    said.minutes = minutesFrom(said.clock.time, to.time);
  };

  while (at < words.length) {
    const isSpanOpen = said.clock === null && said.minutes === null;
    const isTaken =
      (isSpanOpen && keep(spanAt(words, at), true, keepSpan)) ||
      keep(dateAt(words, at, known.today), said.date === null, (date) => (said.date = date)) ||
      keep(timeAt(words, at), said.clock === null, (clock) => (said.clock = clock)) ||
      keep(roomsAt(words, at, known.rooms), said.rooms.length === 0, (rooms) => (said.rooms = rooms)) ||
      keep(lengthAt(words, at), said.minutes === null, (minutes) => (said.minutes = minutes));
    if (isTaken) continue;
    const word = words[at] ?? '';
    if (!filler.has(word) || isInitial(words, at, known)) rest.push(word);
    at++;
  }

  const people = namesIn(rest, known);
  const { minutes } = said;
  const isLength = minutes === null || (minutes >= shortest && minutes <= longest);
  return {
    verb,
    ...said,
    ...people,
    minutes: isLength ? minutes : null,
    unknown: [...unknown, ...(isLength ? [] : [minutesShort(minutes)]), ...people.unknown],
  };
}

const isAfter = (a: string, b: string) => a > b;
const swapped = ({ time, other }: Clock): Clock => ({ time: other ?? time, other: time });

/** The "a" of "haddad a" is not the article. */
const isInitial = (words: readonly string[], at: number, { surgeons }: Known) => {
  const before = words[at - 1];
  const named = before === undefined ? null : surgeonsFor(before, surgeons);
  return named !== null && withInitial(named.meant, words[at] ?? '').length > 0;
};

/** What is left is a surgeon, a procedure, or nothing that is known here. */
function namesIn(words: readonly string[], known: Known) {
  let surgeons: Resource[] = [];
  const about: string[] = [];
  const unknown: string[] = [];
  for (const word of words) {
    if (isTitle(word)) continue;
    const initials = surgeons.length > 0 ? withInitial(surgeons, word) : [];
    const person = surgeons.length === 0 ? surgeonsFor(word, known.surgeons) : null;
    const fits = known.procedures.map((procedure) => fitOf(word, procedure));
    const isDone = fits.includes('exact') || fits.includes('begun');
    if (initials.length > 0) surgeons = initials;
    else if (person && (!isDone || (person.fit === 'exact' && !fits.includes('exact'))))
      surgeons = person.meant;
    else if (isDone && proceduresFor([...about, word], known.procedures).length > 0) about.push(word);
    else if (person) surgeons = person.meant;
    else unknown.push(word);
  }
  const surgeonId = surgeons.length === 1 ? (surgeons[0]?.id ?? null) : null;
  const found = about.length === 0 ? [] : proceduresFor(about, known.procedures);
  const service = surgeons[0]?.attributes.service;
  const rank = (procedure: Procedure) => [
    -about.filter((word) => fitOf(word, procedure) === 'exact').length,
    service === undefined || procedure.service === service ? 0 : 1,
    surgeonId === null ? 0 : -known.usage(procedure.id, surgeonId),
    -known.usage(procedure.id, null),
    procedure.name.length,
  ];
  const procedures = found
    .map((procedure) => ({ procedure, rank: rank(procedure) }))
    .toSorted((a, b) => compare(a.rank, b.rank) || (a.procedure.name < b.procedure.name ? -1 : 1))
    .map(({ procedure }) => procedure);
  return { surgeons, procedures, unknown };
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const other = b[index] ?? 0;
    if (value !== other) return value - other;
  }
  return 0;
}
