import type { PlacedCase } from '@slate/shared/cases';
import { minutesBetween } from '@slate/shared/time';
import { command, on } from '../stores/commands.ts';
import type { Place } from '../stores/commands.ts';
import { tellRefused } from './refused.ts';

/** Moves or resizes a case; what only a reason allows is asked for first. */
export async function moveTo(item: PlacedCase, place: Place, overrideReason?: string): Promise<void> {
  const { roomId, start, end } = place;
  const body = {
    version: item.version,
    roomId,
    start,
    minutes: minutesBetween(start, end),
    ...(overrideReason !== undefined && { overrideReason }),
  };
  const outcome = await command('moveCase', { ...on(item), body }, { place, title: item.title });
  if (outcome.kind !== 'done') tellRefused(outcome, 'Move', (instead) => void moveTo(item, instead));
}
