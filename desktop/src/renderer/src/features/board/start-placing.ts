import type { Case } from '@slate/shared/cases';
import { select } from '../../stores/view.ts';
import { beginDrag } from './drag.ts';

/**
 * A card of the depot was pressed: dragged onto the board it asks for a hold there; let go where it is, it is
 * only selected. To be called from its `pointerdown`.
 */
export function startPlacing(event: PointerEvent, item: Case): void {
  if (event.button !== 0) return;
  beginDrag(event, { kind: 'depot', item }, () => select(item.id));
}
