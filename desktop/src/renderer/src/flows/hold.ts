import type { PlaceHold } from '@slate/shared/commands';
import { minutesBetween } from '@slate/shared/time';
import { command } from '../stores/commands.ts';
import type { Place } from '../stores/commands.ts';
import { openDialog } from '../stores/dialogs.ts';
import { select } from '../stores/view.ts';
import { tellRefused } from './refused.ts';

export type HoldDetails = Omit<Partial<PlaceHold>, 'roomId' | 'start' | 'blockId' | 'minutes'>;

/** Asks for a hold; when it is granted, its form opens. */
export async function holdAt(place: Place, details: HoldDetails = {}): Promise<void> {
  const { roomId, start, end } = place;
  const body = { ...details, roomId, start, minutes: minutesBetween(start, end) };
  const outcome = await command('placeHold', { body }, { place, title: details.title ?? null });
  if (outcome.kind !== 'done') {
    return tellRefused(outcome, 'Hold', (instead) => void holdAt(instead, details));
  }
  select(outcome.reply.case.id);
  openDialog({ kind: 'hold', caseId: outcome.reply.case.id });
}
