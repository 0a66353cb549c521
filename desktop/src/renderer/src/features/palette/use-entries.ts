import { useMemo } from 'react';
import { useStore } from 'zustand';
import { boardStore } from '../../stores/board.ts';
import type { BoardView } from '../../stores/board.ts';
import { useNow } from '../../stores/clock.ts';
import { connectionStore } from '../../stores/connection.ts';
import { cursorStore } from '../../stores/cursor.ts';
import { whyCutOff } from '../../stores/cut-off.ts';
import { mayI, meNow, roleNow } from '../../stores/session.ts';
import { today } from '../../stores/view.ts';
import { paletteWords as words } from '../../words/palette.ts';
import {
  actionEntries,
  caseEntries,
  groupOfCase,
  holdEntries,
  placeEntries,
  slotEntries,
} from './entries.ts';
import type { Entry, Group } from './entries.ts';
import { parsePhrase } from './phrase.ts';
import type { Known, Phrase } from './phrase.ts';
import { proposalsOf } from './proposals.ts';
import type { Proposal } from './proposals.ts';
import { useSlots } from './use-slots.ts';
import type { Slots } from './use-slots.ts';

/** What the board knows by name. */
function knownOf(view: BoardView): Known {
  const all = [...view.cases.values()];
  return {
    today: today(),
    rooms: view.rooms,
    surgeons: [...view.resources.values()].filter(({ kind, active }) => kind === 'surgeon' && active),
    procedures: view.board.procedures.filter(({ active }) => active),
    usage: (id, by) =>
      all.filter(({ procedureId, surgeonId }) => procedureId === id && (by === null || surgeonId === by))
        .length,
  };
}

/** Said to be a hold, or so much like one that it can be nothing else. */
const isHold = ({ verb, rooms, clock, date, minutes, procedures, surgeons }: Phrase) =>
  (verb !== null && (date !== null || [rooms, procedures, surgeons].some(({ length }) => length > 0))) ||
  (verb !== null && (clock !== null || minutes !== null)) ||
  (clock !== null && (rooms.length > 0 || minutes !== null)) ||
  (minutes !== null && (rooms.length > 0 || procedures.length > 0 || surgeons.length > 0));

/** What cannot be done now stays in sight, with why; what was said of its place is not known any more. */
const withheld =
  (why: string) =>
  (entry: Entry): Entry =>
    entry.changes ? { ...entry, judged: null, detail: why, run: null } : entry;

type Found = { groups: readonly Group[]; slots: Slots; asked: Proposal | null; isDaySaid: boolean };

export function useEntries(text: string): Found {
  const view = useStore(boardStore, (state) => state.view);
  const now = useNow(15_000);
  const known = useMemo(() => view && knownOf(view), [view]);
  const phrase = useMemo(() => known && parsePhrase(text, known), [known, text]);
  const cursor = useStore(cursorStore);
  const proposals = useMemo(() => {
    if (!view || !phrase || !isHold(phrase) || mayI('case.hold') === 'none') return [];
    const { mode, roomId, at, minutes } = cursor;
    const here = mode === 'free' && roomId !== null && at !== null ? { roomId, at, minutes } : null;
    return proposalsOf(phrase, view, phrase.verb === 'find' ? null : here);
  }, [view, phrase, cursor]);
  const holds = useMemo(
    () =>
      view && phrase
        ? holdEntries(view, phrase, proposals, {
            now: new Date(now).toISOString(),
            me: meNow(),
            isOffice: roleNow() === 'office',
          })
        : [],
    [view, phrase, proposals, now],
  );

  const [first] = proposals;
  const isGood = holds[0]?.judged?.tone === 'good' && phrase?.verb !== 'find';
  const asked = first && !isGood && mayI('openings.search') !== 'none' ? first : null;
  const slots = useSlots(asked, phrase?.date !== null);

  const why = useStore(connectionStore, whyCutOff);
  const groups = useMemo(() => {
    const free = view && first && slots.status === 'found' ? slotEntries(view, first, slots.openings) : [];
    const found: Group[] = [
      { id: 'best', name: words.groups.best, entries: phrase?.verb === 'find' ? [] : holds },
      { id: 'slots', name: words.groups.slots(first?.minutes ?? 0), entries: free },
      ...(text.trim() === '' ? [groupOfCase()].filter((group) => group !== null) : []),
      ...(holds.length > 0
        ? []
        : [{ id: 'actions', name: words.groups.actions, entries: actionEntries(text) }]),
      ...(view && phrase && text.trim() !== '' && (holds.length === 0 || phrase.verb === null)
        ? [
            { id: 'cases', name: words.groups.cases, entries: caseEntries(view, text) },
            { id: 'places', name: words.groups.places, entries: placeEntries(view, text, phrase) },
          ]
        : []),
    ];
    return found
      .filter(({ entries }) => entries.length > 0)
      .map((group) => (why === null ? group : { ...group, entries: group.entries.map(withheld(why)) }));
  }, [view, phrase, first, slots, holds, text, why]);

  return { groups, slots, asked, isDaySaid: phrase?.date !== null };
}
