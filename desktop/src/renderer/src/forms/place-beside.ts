export type Box = { left: number; top: number; width: number; height: number };
type Size = { width: number; height: number };

const gap = 10;
export const margin = 8;

const clamp = (value: number, least: number, most: number) => Math.max(least, Math.min(value, most));

/** Where a panel stands beside a card without covering it: right, left, below, above; centred without a card. */
export function placeBeside(card: Box | null, panel: Size, viewport: Size): { left: number; top: number } {
  const most = {
    left: Math.max(margin, viewport.width - panel.width - margin),
    top: Math.max(margin, viewport.height - panel.height - margin),
  };
  if (!card) {
    return {
      left: clamp((viewport.width - panel.width) / 2, margin, most.left),
      top: clamp((viewport.height - panel.height) / 2, margin, most.top),
    };
  }
  const along = {
    left: clamp(card.left, margin, most.left),
    top: clamp(card.top + card.height / 2 - panel.height / 2, margin, most.top),
  };
  // Of a card that is scrolled out of sight, no farther than to the edge.
  const right = Math.max(margin, card.left + card.width + gap);
  const left = Math.min(most.left, card.left - gap - panel.width);
  const below = Math.max(margin, card.top + card.height + gap);
  const above = Math.min(most.top, card.top - gap - panel.height);
  if (right <= most.left) return { left: right, top: along.top };
  if (left >= margin) return { left, top: along.top };
  if (below <= most.top) return { left: along.left, top: below };
  if (above >= margin) return { left: along.left, top: above };
  // Nowhere is room enough: then at the side that has the most of it.
  const roomRight = viewport.width - card.left - card.width;
  return { left: roomRight >= card.left ? most.left : margin, top: along.top };
}
