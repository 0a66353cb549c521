import { cannotWait } from '@slate/shared/board';
import { isPlaced } from '@slate/shared/cases';
import type { Case, PlacedCase } from '@slate/shared/cases';
import { mayFrom } from '@slate/shared/case-state';
import type { Resource } from '@slate/shared/resources';
import { addMinutes, covers, instantOf, localDateOf, localDay, resolvePlanned } from '@slate/shared/time';
import { boardElement, mayDo } from '../../../board/focus.ts';
import { caseActions, isCaseAction, isOnItsWay } from '../../../actions/case-actions.ts';
import { ceilToStep } from '../../../board/free-time.ts';
import { beginPlacing } from '../../../actions/moving.ts';
import { recordMilestone } from '../../../commands/milestone.ts';
import { closeFor } from '../../../commands/closure.ts';
import { delayCases } from '../../../commands/delay.ts';
import { addToDepot, placeFromDepot } from '../../../commands/depot.ts';
import { moveTo } from '../../../commands/move.ts';
import { asPlaced } from '../../../preview/as-placed.ts';
import { rippleOf } from '../../../preview/ripple.ts';
import type { Asker } from '../../../preview/verdict.ts';
import { verdictOf } from '../../../preview/verdict.ts';
import { nameIn } from '../../../stores/board.ts';
import type { BoardView } from '../../../stores/board.ts';
import type { Place } from '../../../commands/command.ts';
import { openDialog } from '../../../stores/dialogs.ts';
import type { Wish } from '../../../stores/dialogs.ts';
import { mayI } from '../../../stores/session.ts';
import { goToDate, showScreen } from '../../../stores/view.ts';
import { milestoneWords, nameOfCase, stateWords, urgencyWords } from '../../../words/cases.ts';
import { paletteWords as words } from '../../../words/palette.ts';
import { timeOf } from '../../../words/time.ts';
import { whenFree, whoHas } from './questions.ts';
import { casesSaid, saysWhich } from '../phrase/cases-said.ts';
import { timesWithin } from '../phrase/times.ts';
import type { WhichCase } from '../phrase/cases-said.ts';
import { asked, dot, plainEntry } from '../entry.ts';
import type { Entry } from '../entry.ts';
import { goEntries, holdEntries } from '../entries.ts';
import type { CaseVerb, Verb } from '../phrase/verbs.ts';
import type { Part, Phrase } from '../phrase/phrase.ts';
import { equipmentFor, judgementOf, proposalsOf } from './proposals.ts';
import type { Here, Judged, Proposal } from './proposals.ts';

/** What a phrase is about: the board, and where the person is on it. */
export type World = {
  readonly view: BoardView;
  readonly here: Here | null;
  readonly atHand: Case | null;
  readonly asker: Asker;
};

/** How a phrase is understood: what it would do, and for what free slots are looked for beside it. */
export type Reading = { readonly entries: readonly Entry[]; readonly slotsFor: Proposal | null };

type Intent = {
  /** The parts of a phrase that bear on it. Any other that is said would be left out: it is named instead. */
  readonly uses: readonly Part[];
  readonly read: (phrase: Phrase, world: World) => Reading;
};

const only = (...entries: readonly Entry[]): Reading => ({ entries, slotsFor: null });

/** Understood, and something is missing or in the way. */
const lacking = (id: string, label: string, why: string): Entry => ({
  ...plainEntry,
  id,
  label: [label],
  detail: why,
  run: null,
});

/** Thyroidectomy, Main OR 3 13:00 */
const caseWords = (view: BoardView, item: Case) =>
  isPlaced(item) && item.state !== 'depot'
    ? words.caseAt(nameOfCase(item), nameIn(view, item.roomId), timeOf(item.start, view.board.site.timeZone))
    : words.caseWaiting(nameOfCase(item));

/** The cases meant; where none is said, the one at hand. */
const meant = ({ view, atHand }: World, which: WhichCase): readonly Case[] =>
  saysWhich(which) ? casesSaid(view, which) : atHand ? [atHand] : [];
const noCase = (which: WhichCase) => (saysWhich(which) ? words.noSuchCase : words.sayCase);

const caseParts: readonly Part[] = ['about', 'surgeons', 'rooms', 'clock', 'number'];

// To one case

const actionOf: Readonly<Record<Exclude<CaseVerb, keyof typeof milestoneWords>, string>> = {
  cancel: 'cancel',
  bump: 'bump',
  confirm: 'book',
  edit: 'edit',
  extend: 'extend',
  takeOver: 'takeOver',
  void: 'void',
};

const onCase = (verb: keyof typeof actionOf): Intent => ({
  uses: caseParts,
  read: (phrase, world) => {
    const action = caseActions.filter(isCaseAction).find(({ id }) => id === actionOf[verb]);
    const items = meant(world, phrase);
    const possible = items.filter((item) => action?.isPossibleOn(item));
    const sentence = (item: Case) => words.does[verb](caseWords(world.view, item));
    const [first] = items;
    if (!action || !first) return only(lacking(verb, words.does[verb](words.aCase), noCase(phrase)));
    if (possible.length === 0) {
      return only(lacking(verb, sentence(first), words.notNow(nameOfCase(first), stateWords[first.state])));
    }
    return only(
      ...asked(
        possible.map((item) => ({
          ...plainEntry,
          id: `${verb}-${item.id}`,
          label: [sentence(item)],
          detail: words.before[verb],
          changes: true,
          run: () => action.runOn(item),
        })),
      ),
    );
  },
});

const fact = (milestone: keyof typeof milestoneWords): Intent => ({
  uses: caseParts,
  read: (phrase, world) => {
    const said = milestoneWords[milestone];
    const items = meant(world, phrase).filter(
      (item) =>
        isOnItsWay(item.state) && item.milestones[milestone] === undefined && mayDo('milestone.record', item),
    );
    // In a room one comes after the other.
    const isByRoom = phrase.rooms.length === 1 && phrase.about.length === 0;
    const [first] = items;
    if (!first) return only(lacking(milestone, words.records(said, words.aCase), noCase(phrase)));
    return only(
      ...asked(
        (isByRoom ? [first] : items).map((item) => ({
          ...plainEntry,
          id: `${milestone}-${item.id}`,
          label: [words.records(said, caseWords(world.view, item))],
          changes: true,
          run: () => void recordMilestone(item, milestone),
        })),
      ),
    );
  },
});

// Where it goes

const move: Intent = {
  uses: ['rooms', 'clock', 'date', 'minutes', 'about', 'surgeons', 'number'],
  read: (phrase, world) => {
    const { view } = world;
    const which = phrase.from ?? { ...phrase, rooms: [], clock: null };
    const items = meant(world, which);
    const action = caseActions.filter(isCaseAction).find(({ id }) => id === 'move');
    const movable = items.filter((item) => action?.isPossibleOn(item));
    const [first] = items;
    if (!action || !first) return only(lacking('move', words.moves(words.aCase, ''), noCase(which)));
    if (movable.length === 0) {
      const why = words.notNow(nameOfCase(first), stateWords[first.state]);
      return only(lacking('move', words.moves(caseWords(view, first), ''), why));
    }
    const isWhere = phrase.rooms.length > 0 || phrase.clock !== null || phrase.date !== null;
    if (!isWhere) {
      return only(
        ...asked(
          movable.map((item) => ({
            ...plainEntry,
            id: `move-${item.id}`,
            label: [words.moves(caseWords(view, item), '')],
            detail: words.onBoard,
            changes: true,
            isOnBoard: true,
            run: () => action.runOn(item),
          })),
        ),
      );
    }
    const rooms = phrase.rooms.length > 0 ? phrase.rooms : [null];
    return only(
      ...asked(movable.flatMap((item) => rooms.map((room) => moveEntry(phrase, world, item, room)))),
    );
  },
};

function moveEntry(phrase: Phrase, { view, asker }: World, item: Case, to: Resource | null): Entry {
  const zone = view.board.site.timeZone;
  const isThere = isPlaced(item) && item.state !== 'depot';
  const roomId = to?.id ?? (isThere ? item.roomId : null);
  const time = phrase.clock?.time ?? (isThere ? timeOf(item.start, zone) : null);
  const name = caseWords(view, item);
  const id = `move-${item.id}-${roomId}`;
  const date = phrase.date ?? view.date;
  if (roomId === null) return lacking(id, words.moves(name, ''), words.sayRoom);
  const start = time === null ? null : startAt(date, time, zone);
  if (start === null) {
    const why = time === null ? words.sayTime : words.noSuchTime(time);
    return lacking(id, words.moves(name, nameIn(view, roomId)), why);
  }
  const place = { roomId, start, end: addMinutes(start, phrase.minutes ?? item.minutes) };
  const judged = judgePlaced(view, asPlaced(item, place), asker);
  const isFree = judged.tone !== 'bad';
  const day = date === view.date ? '' : `${words.day(date)}, `;
  const where = `${nameIn(view, roomId)}, ${day}${words.time(start, place.end, zone)}`;
  return {
    ...plainEntry,
    id,
    label: [words.moves(name, where)],
    detail: isFree ? null : words.showsOnBoard,
    judged,
    keys: 'Enter',
    changes: true,
    ...(isFree ? {} : { isOnBoard: true }),
    run: isFree ? () => put(item, place) : () => showAt(item, place, date),
  };
}

const put = (item: Case, place: Place) => {
  if (isPlaced(item) && item.state !== 'depot') void moveTo(item, place);
  else void placeFromDepot(item, place);
};

/** What is in the way is seen there, and it can be moved on from there. */
function showAt(item: Case, place: Place, date: string) {
  showScreen('day');
  goToDate(date);
  boardElement()?.focus({ preventScroll: true });
  beginPlacing(item.state === 'depot' ? 'depot' : 'move', item, place);
}

/** Null: the clock leaves it out. */
function startAt(date: string, time: string, zone: string): string | null {
  const resolved = resolvePlanned(`${date}T${time}`, zone);
  if (resolved.kind === 'impossible') return null;
  return new Date(resolved.kind === 'instant' ? resolved.at : resolved.earlier).toISOString();
}

const judgePlaced = (view: BoardView, item: PlacedCase, asker: Asker): Judged =>
  covers(view.board.range, item)
    ? judgementOf(view, verdictOf(view, item, asker), asker.me)
    : { tone: 'unknown', text: words.otherDay };

// Late

const delay: Intent = {
  uses: ['rooms', 'about', 'surgeons', 'number', 'clock', 'minutes'],
  read: (phrase, world) => {
    const { view, asker, atHand } = world;
    const { minutes, rooms, surgeons } = phrase;
    // Where nothing else is said, "surgeon late" is about the surgeon of the case at hand: what waits for it comes after it.
    const waiting = (saysWhich(phrase) ? casesSaid(view, phrase) : atHand ? [atHand] : []).filter(
      (item): item is PlacedCase => isPlaced(item) && mayFrom('move', item.state),
    );
    const isLine = phrase.about.length === 0 && phrase.number === null && phrase.clock === null;
    const isOne = isLine && rooms.length + surgeons.length === 1;
    const [subject] = isOne ? [...rooms, ...surgeons] : [];
    const [first] = waiting;
    if (!first) {
      return only(lacking('delay', words.delays(subject?.name ?? words.aCase, minutes), noCase(phrase)));
    }
    const entries = (isOne ? [first] : waiting).map((item): Entry => {
      const what = subject?.name ?? caseWords(view, item);
      const label = [words.delays(what, minutes)];
      const id = `delay-${item.id}`;
      if (minutes === null) return lacking(id, words.delays(what, null), words.sayLength);
      if (mayI('case.schedule') !== 'any') return lacking(id, words.delays(what, minutes), words.mayNot);
      const later = rippleOf(view, item, minutes);
      return {
        ...plainEntry,
        id,
        label,
        detail: later.map(({ item: was, after }) => laterWords(view, was, after)).join(dot),
        judged: judgeAll(
          view,
          later.map(({ after }) => after),
          asker,
        ),
        keys: 'Enter',
        changes: true,
        run: () => void delayCases(what, minutes, later),
      };
    });
    return only(...asked(entries));
  },
};

const laterWords = (view: BoardView, was: PlacedCase, after: PlacedCase) => {
  const zone = view.board.site.timeZone;
  return words.later(nameOfCase(was), timeOf(was.start, zone), timeOf(after.start, zone));
};

/** Those that move together are not in each other's way. */
function judgeAll(view: BoardView, placed: readonly PlacedCase[], asker: Asker): Judged {
  const moving = new Set(placed.map(({ id }) => id));
  const verdicts = placed.map((item) => {
    const { obstacles, ...rest } = verdictOf(view, item, asker);
    const isOthers = obstacles.filter(
      (each) =>
        each.kind !== 'taken' || !each.uses.every((use) => use.item !== null && moving.has(use.item.id)),
    );
    return { ...rest, obstacles: isOthers };
  });
  const judged = verdicts.map((verdict) => judgementOf(view, verdict, asker.me));
  return (
    judged.find(({ tone }) => tone === 'bad') ??
    judged.find(({ tone }) => tone === 'doubtful') ?? { tone: 'good', text: words.free }
  );
}

// Closed

const close: Intent = {
  uses: ['rooms', 'equipment', 'clock', 'until', 'date', 'minutes', 'about', 'surgeons'],
  read: (phrase, { view, asker }) => {
    const what = [...phrase.rooms, ...phrase.equipment];
    if (what.length === 0) return only(lacking('close', words.closes(words.aRoom, ''), words.sayRoom));
    const zone = view.board.site.timeZone;
    const date = phrase.date ?? view.date;
    const day = localDay(date, zone);
    const now = ceilToStep(asker.now);
    const from = phrase.clock ? startAt(date, phrase.clock.time, zone) : now > day.start ? now : day.start;
    const end = from === null ? null : (endOf(phrase, from, date, zone) ?? day.end);
    const isToday = date === view.date;
    return only(
      ...asked(
        what.map((resource): Entry => {
          const { id, name } = resource;
          const entryId = `close-${id}`;
          if (from === null || end === null || end <= from) {
            return lacking(entryId, words.closes(name, ''), words.noSuchSpan);
          }
          const when = words.span(isToday ? null : date, from, end === day.end ? null : end, zone);
          const reason = phrase.rest.join(' ');
          if (mayI('closure.manage') !== 'any')
            return lacking(entryId, words.closes(name, when), words.mayNot);
          return {
            ...plainEntry,
            id: entryId,
            label: [words.closes(name, when)],
            detail: reason === '' ? words.asksWhy : words.because(reason),
            keys: 'Enter',
            changes: true,
            run: () =>
              void closeFor(
                { resourceId: id, name, start: from, end, when },
                reason === '' ? undefined : reason,
              ),
          };
        }),
      ),
    );
  },
};

function endOf({ minutes, until }: Phrase, from: string, date: string, zone: string): string | null {
  if (minutes !== null) return addMinutes(from, minutes);
  if (!until) return null;
  const at = instantOf(date, until.time, zone);
  return at > from || until.other === null ? at : instantOf(date, until.other, zone);
}

// A time for it

const held: readonly Part[] = ['rooms', 'date', 'minutes', 'about', 'surgeons', 'equipment', 'urgency'];

const hold: Intent = {
  uses: [...held, 'clock', 'until'],
  read: (phrase, { view, here, asker }) => {
    if (mayI('case.hold') === 'none') return only();
    const proposals = proposalsOf(phrase, view, here, asker.now);
    const entries = holdEntries(view, proposals, asker);
    const isWhich = phrase.rooms.length > 1 || phrase.surgeons.length > 1;
    const isGood = entries[0]?.judged?.tone === 'good';
    return {
      entries: isWhich ? asked(entries) : entries,
      slotsFor: isGood ? null : (proposals[0] ?? null),
    };
  },
};

/** Openings, as they would be searched for; the best of them stand below as soon as they are known. */
const find: Intent = {
  uses: [...held, 'clock', 'window'],
  read: (phrase, world) => openingsFor(phrase, world, words.finds),
};

function openingsFor(phrase: Phrase, { view, asker }: World, sentence: (wish: string) => string): Reading {
  if (mayI('openings.search') === 'none') return only();
  const today = localDateOf(asker.now, view.board.site.timeZone);
  // What cannot wait is looked for from now on, whichever day is shown.
  const from = today > view.date || cannotWait(phrase.urgency ?? undefined) ? today : view.date;
  const date = phrase.date ?? from;
  const proposals = proposalsOf(phrase, view, null, asker.now).map((each) => ({ ...each, date }));
  const isWhich = phrase.surgeons.length > 1 || phrase.rooms.length > 1;
  const entries = (isWhich ? proposals : proposals.slice(0, 1)).map((proposal, nth): Entry => ({
    ...plainEntry,
    id: `find-${nth}`,
    label: [sentence(wishWords(view, phrase, proposal))],
    detail: words.opensSearch,
    keys: 'Enter',
    run: () => openDialog({ kind: 'openings', caseId: null, wish: wishOf(phrase, proposal) }),
  }));
  return { entries: asked(entries), slotsFor: isWhich ? null : (proposals[0] ?? null) };
}

/** What comes in today: the first times there are, by night too; or it waits in the depot with its urgency. */
const addOn: Intent = {
  uses: held,
  read: (said, world) => {
    const urgency = said.urgency ?? (said.isNow ? 'immediate' : 'urgent');
    const phrase = { ...said, urgency };
    if (phrase.procedures.length === 0) return only(lacking('add-on', words.addsOn(''), words.sayProcedure));
    const { entries, slotsFor } = openingsFor(phrase, world, words.addsOn);
    const [procedure] = phrase.procedures;
    const [surgeon] = phrase.surgeons;
    const details = {
      urgency,
      ...(procedure && { procedureId: procedure.id }),
      ...(surgeon && phrase.surgeons.length === 1 && { surgeonId: surgeon.id }),
    };
    const toDepot: Entry = {
      ...plainEntry,
      id: 'to-depot',
      label: [words.addsToDepot(procedure?.name ?? '', urgencyWords[urgency])],
      changes: true,
      run: () => void addToDepot(details),
    };
    return { entries: mayI('case.schedule') === 'any' ? [...entries, toDepot] : entries, slotsFor };
  },
};

function wishWords(view: BoardView, phrase: Phrase, { room, minutes, procedure, surgeon, date }: Proposal) {
  return [
    procedure?.name,
    surgeon && words.surgeon(surgeon.name),
    room?.name,
    ...phrase.equipment.map(({ name }) => name),
    words.length(minutes),
    phrase.urgency && urgencyWords[phrase.urgency],
    date === view.date ? null : phrase.days > 1 ? words.weekOf(date) : words.day(date),
    phrase.window && words.between(phrase.window.from, phrase.window.to),
    phrase.clock && words.about(phrase.clock.time),
  ]
    .filter((part) => typeof part === 'string')
    .join(dot);
}

function wishOf(phrase: Phrase, { date, minutes, procedure, surgeon, room }: Proposal): Partial<Wish> {
  return {
    date,
    ...(phrase.date !== null && { days: phrase.days }),
    ...(phrase.minutes !== null && { minutes }),
    ...(procedure && { procedureId: procedure.id }),
    ...(surgeon && { surgeonId: surgeon.id }),
    ...(room && { roomIds: [room.id] }),
    ...(phrase.window && { times: timesWithin(phrase.window) }),
    ...(phrase.urgency !== null && { urgency: phrase.urgency }),
    ...(phrase.equipment.length > 0 && { equipment: equipmentFor(procedure, phrase.equipment) }),
  };
}

// Only to look

const looks: readonly Part[] = ['rooms', 'surgeons', 'equipment', 'about', 'number', 'minutes'];

const who: Intent = {
  uses: looks,
  read: (phrase, { view, asker }) => {
    const what = [...phrase.equipment, ...phrase.rooms, ...phrase.surgeons];
    if (what.length > 0) return only(...what.flatMap((each) => whoHas(view, each, asker.now)));
    const entries = goEntries(view, phrase);
    return only(...(entries.length > 0 ? entries : [lacking('who', words.whoHas, words.sayResource)]));
  },
};

const when: Intent = {
  uses: [...looks, 'date', 'window', 'clock', 'urgency'],
  read: (phrase, world) => {
    const what = [...phrase.equipment, ...phrase.rooms, ...phrase.surgeons];
    if (phrase.procedures.length > 0) return find.read(phrase, world);
    if (what.length === 0) return only(lacking('when', words.whenFree, words.sayResource));
    const { view, asker } = world;
    return only(...what.map((each) => whenFree(view, each, asker.now, phrase.minutes)));
  },
};

const go: Intent = {
  uses: ['rooms', 'surgeons', 'date', 'about', 'number'],
  read: (phrase, { view }) => {
    const entries = goEntries(view, phrase);
    return only(...(entries.length > 0 ? entries : [lacking('go', words.goTo('…'), words.nowhere)]));
  },
};

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
  cancel: onCase('cancel'),
  bump: onCase('bump'),
  confirm: onCase('confirm'),
  edit: onCase('edit'),
  extend: onCase('extend'),
  takeOver: onCase('takeOver'),
  void: onCase('void'),
  in_holding: fact('in_holding'),
  in_room: fact('in_room'),
  incision: fact('incision'),
  closed: fact('closed'),
  out_of_room: fact('out_of_room'),
  completed: fact('completed'),
};

/** What a verb alone means is told by the actions of its name. */
const aloneIsAction: readonly Verb[] = ['hold', 'find', 'addOn', 'go', 'edit', 'extend', 'takeOver', 'void'];

/** What is asked, also where no verb says so. Null: something is looked for by its name. */
export function verbOf(phrase: Phrase): Verb | null {
  const { verb, rooms, clock, minutes, date, procedures, surgeons, urgency, isNow, window, equipment } =
    phrase;
  if (verb !== null) {
    const isAlone = Object.keys(phrase.words).length === 0 && phrase.rest.length === 0 && !isNow;
    return isAlone && phrase.unknown.length === 0 && aloneIsAction.includes(verb) ? null : verb;
  }
  const isDone = procedures.length > 0;
  if (isDone && (isNow || urgency !== null)) return 'addOn';
  if (clock !== null && (rooms.length > 0 || minutes !== null || isDone)) return 'hold';
  if (minutes !== null && rooms.length > 0) return 'hold';
  if (minutes !== null && (isDone || surgeons.length > 0)) return 'find';
  if (isDone && (date !== null || window !== null || equipment.length > 0 || rooms.length > 0)) return 'find';
  return null;
}

/**
 * What the phrase asks for, in sentences that say what Enter will do. Nothing is done while a word of it is not
 * understood: without that word it might mean something else.
 */
export function readingOf(phrase: Phrase, world: World): Reading | null {
  const verb = verbOf(phrase);
  if (verb === null) return null;
  const intent = intents[verb];
  const { entries, slotsFor } = intent.read(phrase, world);
  const left = leftOver(phrase, verb);
  if (left.length === 0) return { entries: withSlips(entries, phrase), slotsFor };
  const why = words.unknown(left);
  return {
    entries: entries.map((entry, nth) => ({
      ...entry,
      judged: null,
      keys: null,
      detail: nth === 0 ? why : null,
      run: null,
    })),
    slotsFor: null,
  };
}

/** Words of the phrase that the intent has no use for. */
function leftOver(phrase: Phrase, verb: Verb): string[] {
  const { uses } = intents[verb];
  // Why it is closed is said in words of one's own.
  const isReason = (word: string) => verb === 'close' && phrase.rest.includes(word);
  const unused = (Object.entries(phrase.words) as [Part, string][])
    .filter(([part]) => !uses.includes(part))
    .map(([, typed]) => typed);
  const isUntilFrom = verb !== 'hold' || phrase.until === null || phrase.clock !== null;
  const until = isUntilFrom ? [] : [phrase.words.until ?? ''];
  const from = phrase.from ? leftOfCase(phrase.from) : [];
  // What is done must be in the catalogue to find a time for it.
  const isNoProcedure = uses === held || uses === hold.uses || uses === find.uses;
  const nothingSuch = isNoProcedure && phrase.about.length > 0 && phrase.procedures.length === 0;
  const about = nothingSuch ? phrase.about : [];
  return [...phrase.unknown.filter((word) => !isReason(word)), ...unused, ...until, ...from, ...about];
}

const leftOfCase = (from: Phrase) =>
  (Object.entries(from.words) as [Part, string][])
    .filter(([part]) => !caseParts.includes(part))
    .map(([, typed]) => typed);

/** What was taken for a slip of the keyboard is said. */
function withSlips(entries: readonly Entry[], { corrected }: Phrase): readonly Entry[] {
  const [first, ...others] = entries;
  if (!first || corrected.length === 0) return entries;
  const slips = words.corrected(corrected);
  return [{ ...first, detail: first.detail === null ? slips : `${first.detail} ${slips}` }, ...others];
}
