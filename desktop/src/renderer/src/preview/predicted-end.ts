import type { PlacedCase } from '@slate/shared/cases';
import { minutesBetween } from '@slate/shared/time';

/**
 * When a case that is under way will be over: as long as planned from when it really began, and not before now.
 */
export function predictedEnd(item: PlacedCase, now: number): number {
  const began = item.milestones.in_room ?? item.start;
  return Math.max(Date.parse(began) + minutesBetween(item.start, item.end) * 60_000, now);
}
