import { addMinutes, instantOf, localDay } from '@slate/shared/time';
import { ceilToStep } from '../../../board/free-time.ts';
import { closeFor } from '../../../commands/closure.ts';
import { myScope } from '../../../stores/session.ts';
import { paletteWords as words } from '../../../words/palette.ts';
import { asChoice, plainEntry } from '../entry.ts';
import type { Entry } from '../entry.ts';
import type { Phrase } from '../phrase/phrase.ts';
import { blocked, instantOn, withoutSlots } from './intent.ts';
import type { Intent } from './intent.ts';

/** "close or 9 until 2pm": closes rooms or equipment for a time. */
export const close: Intent = {
  uses: ['rooms', 'equipment', 'clock', 'until', 'date', 'minutes', 'about', 'surgeons'],
  takesReason: true,
  read: (phrase, { view, caller }) => {
    const resources = [...phrase.rooms, ...phrase.equipment];
    if (resources.length === 0) {
      return withoutSlots(blocked('close', words.closes(words.aRoom, ''), words.needsRoom));
    }
    const zone = view.board.site.timeZone;
    const date = phrase.date ?? view.date;
    const day = localDay(date, zone);
    const now = ceilToStep(caller.now);
    const from = phrase.clock ? instantOn(date, phrase.clock.time, zone) : now > day.start ? now : day.start;
    const end = from === null ? null : (endOf(phrase, from, date, zone) ?? day.end);
    const isToday = date === view.date;
    return withoutSlots(
      ...asChoice(
        resources.map(({ id: resourceId, name }): Entry => {
          const id = `close-${resourceId}`;
          if (from === null || end === null || end <= from) {
            return blocked(id, words.closes(name, ''), words.noSuchSpan);
          }
          const when = words.span(isToday ? null : date, from, end === day.end ? null : end, zone);
          const label = words.closes(name, when);
          if (myScope('closure.manage') !== 'any') return blocked(id, label, words.notPermitted);
          const reason = phrase.rest.length === 0 ? undefined : phrase.rest.join(' ');
          return {
            ...plainEntry,
            id,
            label: [label],
            detail: reason === undefined ? words.asksWhy : words.because(reason),
            keys: 'Enter',
            changes: true,
            run: () => void closeFor({ resourceId, name, start: from, end, when }, reason),
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
