export type Box = { left: number; top: number; width: number; height: number };
type Size = { width: number; height: number };

const gap = 10;
export const margin = 8;

const clamp = (value: number, least: number, most: number) => Math.max(least, Math.min(value, most));

/** Places a panel next to a card without covering it: right, left, below or above. Without a card, centers it. */
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
  // If the card is scrolled out of view, stay at the edge.
  const right = Math.max(margin, card.left + card.width + gap);
  const left = Math.min(most.left, card.left - gap - panel.width);
  const below = Math.max(margin, card.top + card.height + gap);
  const above = Math.min(most.top, card.top - gap - panel.height);
  if (right <= most.left) return { left: right, top: along.top };
  if (left >= margin) return { left, top: along.top };
  if (below <= most.top) return { left: along.left, top: below };
  if (above >= margin) return { left: along.left, top: above };
  // No side has enough room: use the side with the most.
  const roomRight = viewport.width - card.left - card.width;
  return { left: roomRight >= card.left ? most.left : margin, top: along.top };
}
