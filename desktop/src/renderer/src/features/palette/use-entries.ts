import { useMemo } from 'react';
import { useStore } from 'zustand';
import { currentCase } from '../../board/focus.ts';
import { boardStore, caseNow } from '../../stores/board.ts';
import type { BoardView } from '../../stores/board.ts';
import { useNow } from '../../stores/clock.ts';
import { connectionStore } from '../../stores/connection.ts';
import { cursorStore } from '../../stores/cursor.ts';
import { cutOffReason } from '../../stores/cut-off.ts';
import { myScope, meNow, roleNow } from '../../stores/session.ts';
import { today, viewStore } from '../../stores/view.ts';
import { paletteWords as words } from '../../words/palette.ts';
import { timeOf } from '../../words/time.ts';
import { actionEntries, actionNamed, caseEntries, groupOfCase, placeEntries } from './entries.ts';
import type { Entry, Group } from './entry.ts';
import { readingOf } from './intents/intents.ts';
import type { Proposal } from './intents/proposals.ts';
import { parsePhrase } from './phrase/phrase.ts';
import type { Vocabulary } from './phrase/phrase.ts';
import { slotEntries, useSlots } from './use-slots.ts';
import type { Slots } from './use-slots.ts';

/** Returns the vocabulary of the board at this minute. */
export function vocabularyOf(view: BoardView, now: string): Vocabulary {
  const all = [...view.cases.values()];
  const active = [...view.resources.values()].filter((each) => each.active);
  return {
    today: today(),
    time: timeOf(now, view.board.site.timeZone),
    rooms: view.rooms,
    surgeons: active.filter(({ kind }) => kind === 'surgeon'),
    equipment: active.filter(({ kind }) => kind === 'equipment'),
    procedures: view.board.procedures.filter((procedure) => procedure.active),
    titles: [...new Set(all.flatMap(({ title }) => title ?? []))],
    usage: (id, by) =>
      all.filter(({ procedureId, surgeonId }) => procedureId === id && (by === null || surgeonId === by))
        .length,
  };
}

/** Disables an entry that changes something, and shows why. Its judgment is removed because it is outdated. */
const disabled =
  (why: string) =>
  (entry: Entry): Entry =>
    entry.changes ? { ...entry, judgment: null, detail: why, run: null } : entry;

type Found = { groups: readonly Group[]; slots: Slots; proposal: Proposal | null; isDayTyped: boolean };

export function useEntries(text: string): Found {
  const view = useStore(boardStore, (state) => state.view);
  const now = new Date(useNow(15_000)).toISOString();
  const vocabulary = useMemo(() => view && vocabularyOf(view, now), [view, now]);
  const phrase = useMemo(() => vocabulary && parsePhrase(text, vocabulary), [vocabulary, text]);
  const cursor = useStore(cursorStore);
  const selectedId = useStore(viewStore, (state) => state.selectedId);
  const reading = useMemo(() => {
    const { mode, roomId, at, minutes } = cursor;
    const here = mode === 'free' && roomId !== null && at !== null ? { roomId, at, minutes } : null;
    const caller = { now, me: meNow(), isOffice: roleNow() === 'office' };
    const current = currentCase() ?? caseNow(selectedId ?? '') ?? null;
    return view && phrase && readingOf(phrase, { view, here, current, caller });
  }, [view, phrase, cursor, selectedId, now]);

  const proposal = reading && myScope('openings.search') !== 'none' ? reading.slotsFor : null;
  const isDayTyped = phrase?.date !== null;
  const slots = useSlots(proposal);

  const why = useStore(connectionStore, cutOffReason);
  const groups = useMemo(() => {
    const free =
      view && proposal && slots.status === 'found' ? slotEntries(view, proposal, slots.openings) : [];
    const named = actionEntries(text);
    const best = reading?.entries ?? [];
    const hasChoice = best.some(({ mustChoose }) => mustChoose);
    const exact = actionNamed(text);
    const found: Group[] = [
      { id: 'exact', name: words.groups.best, entries: exact },
      {
        id: 'best',
        name: hasChoice ? words.which : words.groups.best,
        entries: exact.length > 0 ? [] : best,
      },
      { id: 'slots', name: words.groups.slots(proposal?.minutes ?? 0), entries: free },
      ...(text.trim() === '' ? [groupOfCase()].filter((group) => group !== null) : []),
      ...(best.length > 0
        ? []
        : [
            {
              id: 'actions',
              name: words.groups.actions,
              entries: named.filter(({ id }) => exact.every((entry) => entry.id !== id)),
            },
          ]),
      ...(view && phrase && text.trim() !== '' && (best.length === 0 || phrase.verb === null)
        ? [
            { id: 'cases', name: words.groups.cases, entries: caseEntries(view, text, phrase) },
            { id: 'places', name: words.groups.places, entries: placeEntries(view, text, phrase) },
          ]
        : []),
    ];
    return found
      .filter(({ entries }) => entries.length > 0)
      .map((group) => (why === null ? group : { ...group, entries: group.entries.map(disabled(why)) }));
  }, [view, phrase, reading, proposal, slots, text, why]);

  return { groups, slots, proposal, isDayTyped };
}
