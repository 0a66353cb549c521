import { cannotWait } from '@slate/shared/contract/reads';
import { addMinutes, localDateOf } from '@slate/shared/time';
import { addToDepot } from '../../../commands/depot.ts';
import { holdAt } from '../../../commands/hold.ts';
import type { Caller } from '../../../preview/verdict.ts';
import type { BoardView } from '../../../stores/board.ts';
import { openDialog } from '../../../stores/dialogs.ts';
import type { Criteria } from '../../../stores/criteria.ts';
import { myScope } from '../../../stores/session.ts';
import { urgencyWords } from '../../../words/cases.ts';
import { paletteWords as words } from '../../../words/palette.ts';
import { asChoice, dot, plainEntry } from '../entry.ts';
import type { Entry } from '../entry.ts';
import type { Part, Phrase } from '../phrase/phrase.ts';
import { timesWithin } from '../phrase/times.ts';
import { blocked, withoutSlots } from './intent.ts';
import type { Intent, Reading, World } from './intent.ts';
import { detailsOf, equipmentFor, judgedHold, proposalsOf } from './proposals.ts';
import type { Proposal } from './proposals.ts';

const caseNeeds: readonly Part[] = ['rooms', 'date', 'minutes', 'about', 'surgeons', 'equipment', 'urgency'];

/** Holds the typed time; offers free slots nearby if it has a conflict. */
export const hold: Intent = {
  uses: [...caseNeeds, 'clock', 'until'],
  needsProcedure: true,
  read: (phrase, { view, here, caller }) => {
    if (myScope('case.hold') === 'none') return withoutSlots();
    const proposals = proposalsOf(phrase, view, here, caller.now);
    const entries = holdEntries(view, proposals, caller);
    const isWhich = phrase.rooms.length > 1 || phrase.surgeons.length > 1;
    const isGood = entries[0]?.judgment?.tone === 'good';
    return {
      entries: isWhich ? asChoice(entries) : entries,
      slotsFor: isGood ? null : (proposals[0] ?? null),
    };
  },
};

const holdEntries = (view: BoardView, proposals: readonly Proposal[], caller: Caller): Entry[] =>
  proposals.map((proposal, index) => {
    const { place, missing } = proposal;
    return {
      id: `hold-${index}`,
      label: holdLabel(view, proposal),
      detail: missing,
      judgment: judgedHold(view, proposal, caller),
      keys: index === 0 && place ? 'Enter' : null,
      changes: true,
      run: place && (() => void holdAt(place, detailsOf(proposal))),
    };
  });

function holdLabel(view: BoardView, proposal: Proposal): Entry['label'] {
  const { date, room, start, minutes, procedure, surgeon, equipment, urgency } = proposal;
  const { timeZone } = view.board.site;
  const rest = [
    date === view.date ? null : words.day(date),
    start === null ? words.length(minutes) : words.time(start, addMinutes(start, minutes), timeZone),
    procedure?.name,
    surgeon && words.surgeon(surgeon.name),
    ...equipment.map(({ name }) => name),
    urgency && urgencyWords[urgency],
  ]
    .filter((part) => typeof part === 'string')
    .join(dot);
  return room ? [`${words.verb} — `, { strong: room.name }, `${dot}${rest}`] : [`${words.verb} — ${rest}`];
}

/** Opens the search for openings, filled in from the phrase. The best slots are listed below the entry. */
export const find: Intent = {
  uses: [...caseNeeds, 'clock', 'window'],
  needsProcedure: true,
  read: (phrase, world) => search(phrase, world, words.finds),
};

/** Adds an urgent case: offers the first free slots, including at night, or the depot. */
export const addOn: Intent = {
  uses: caseNeeds,
  needsProcedure: true,
  read: (typed, world) => {
    const urgency = typed.urgency ?? (typed.isNow ? 'immediate' : 'urgent');
    const phrase = { ...typed, urgency };
    const [procedure] = phrase.procedures;
    if (!procedure) return withoutSlots(blocked('add-on', words.addsOn(''), words.needsProcedure));
    const { entries, slotsFor } = search(phrase, world, words.addsOn);
    if (myScope('case.schedule') !== 'any') return { entries, slotsFor };
    const [surgeon] = phrase.surgeons;
    const details = {
      urgency,
      procedureId: procedure.id,
      ...(surgeon && phrase.surgeons.length === 1 && { surgeonId: surgeon.id }),
    };
    const toDepot: Entry = {
      ...plainEntry,
      id: 'to-depot',
      label: [words.addsToDepot(procedure.name, urgencyWords[urgency])],
      changes: true,
      run: () => void addToDepot(details),
    };
    return { entries: [...entries, toDepot], slotsFor };
  },
};

function search(phrase: Phrase, { view, caller }: World, sentence: (criteria: string) => string): Reading {
  if (myScope('openings.search') === 'none') return withoutSlots();
  const today = localDateOf(caller.now, view.board.site.timeZone);
  // For an urgent case, search from now on, whichever day is shown.
  const from = today > view.date || cannotWait(phrase.urgency ?? undefined) ? today : view.date;
  const date = phrase.date ?? from;
  const proposals = proposalsOf(phrase, view, null, caller.now).map((each) => ({ ...each, date }));
  const isWhich = phrase.surgeons.length > 1 || phrase.rooms.length > 1;
  const entries = (isWhich ? proposals : proposals.slice(0, 1)).map((proposal, index): Entry => ({
    ...plainEntry,
    id: `find-${index}`,
    label: [sentence(criteriaWords(view, phrase, proposal))],
    detail: words.opensSearch,
    keys: 'Enter',
    run: () => openDialog({ kind: 'openings', caseId: null, criteria: criteriaOf(phrase, proposal) }),
  }));
  return { entries: asChoice(entries), slotsFor: isWhich ? null : (proposals[0] ?? null) };
}

function criteriaWords(
  view: BoardView,
  phrase: Phrase,
  { room, minutes, procedure, surgeon, date }: Proposal,
) {
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

function criteriaOf(
  phrase: Phrase,
  { date, minutes, procedure, surgeon, room }: Proposal,
): Partial<Criteria> {
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
