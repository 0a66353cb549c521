import type { Procedure, Resource } from '@slate/shared/resources';
import { dateAt } from './phrase-dates.ts';
import { fitOf, isTitle, proceduresFor, roomsAt, surgeonsFor, withInitial } from './phrase-names.ts';
import { lengthAt, minutesFrom, spanAt, timeAt } from './phrase-times.ts';
import type { Clock } from './phrase-times.ts';
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
const longest = 1440;

export function parsePhrase(text: string, known: Known): Phrase {
  const words = wordsOf(text);
  const verb = verbs[words[0] ?? ''] ?? null;
  let rooms: readonly Resource[] = [];
  let clock: Clock | null = null;
  let date: string | null = null;
  let minutes: number | null = null;
  const rest: string[] = [];
  const unknown: string[] = [];

  const read = (at: number): number => {
    const span = clock === null && minutes === null ? spanAt(words, at) : null;
    if (span) {
      const { from, to } = span.meant;
      clock =
        from.other !== null && isAfter(to.time, from.other) && !isAfter(to.time, from.time)
          ? swapped(from)
          : from;
      minutes = minutesFrom(clock.time, to.time);
      return span.words;
    }
    const steps: [boolean, () => Taken<unknown> | null, (meant: never) => void][] = [
      [date === null, () => dateAt(words, at, known.today), (meant: string) => (date = meant)],
      [clock === null, () => timeAt(words, at), (meant: Clock) => (clock = meant)],
      [rooms.length === 0, () => roomsAt(words, at, known.rooms), (meant: Resource[]) => (rooms = meant)],
      [minutes === null, () => lengthAt(words, at), (meant: number) => (minutes = meant)],
    ];
    for (const [isOpen, take, keep] of steps) {
      const taken = take();
      if (!taken) continue;
      if (isOpen) keep(taken.meant as never);
      else unknown.push(words.slice(at, at + taken.words).join(' '));
      return taken.words;
    }
    const word = words[at] ?? '';
    if (!filler.has(word) || isInitial(words, at, known)) rest.push(word);
    return 1;
  };
  for (let at = verb === null ? 0 : 1; at < words.length;) at += read(at);

  const people = namesIn(rest, known);
  const said = { verb, rooms, clock, date, ...people };
  if (minutes !== null && (minutes < 5 || minutes > longest)) {
    return { ...said, minutes: null, unknown: [...unknown, `${minutes as number} min`, ...people.unknown] };
  }
  return { ...said, minutes, unknown: [...unknown, ...people.unknown] };
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
