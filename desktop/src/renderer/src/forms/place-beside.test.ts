import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeBeside } from './place-beside.ts';
import type { Box } from './place-beside.ts';

const viewport = { width: 1600, height: 900 };
const panel = { width: 384, height: 500 };
const covers = (place: { left: number; top: number }, card: Box) =>
  place.left < card.left + card.width &&
  card.left < place.left + panel.width &&
  place.top < card.top + card.height &&
  card.top < place.top + panel.height;

test('a form goes to the right of its card, centered on it', () => {
  expect(placeBeside({ left: 400, top: 400, width: 100, height: 40 }, panel, viewport)).toEqual({
    left: 510,
    top: 170,
  });
});

test('a form goes to the left if there is no space on the right', () => {
  expect(placeBeside({ left: 1300, top: 400, width: 200, height: 40 }, panel, viewport).left).toBe(906);
});

test('a form without a card is centered', () => {
  expect(placeBeside(null, panel, viewport)).toEqual({ left: 608, top: 200 });
});

test('a form never covers a card that leaves space, and never leaves the window', () => {
  const card = fc.record({
    left: fc.integer({ min: -200, max: 1600 }),
    top: fc.integer({ min: -100, max: 900 }),
    width: fc.integer({ min: 10, max: 700 }),
    height: fc.constant(40),
  });
  fc.assert(
    fc.property(card, (box) => {
      const place = placeBeside(box, panel, viewport);
      expect(covers(place, box)).toBe(false);
      expect(place.left).toBeGreaterThanOrEqual(8);
      expect(place.top).toBeGreaterThanOrEqual(8);
      expect(place.left + panel.width).toBeLessThanOrEqual(viewport.width - 8);
      expect(place.top + panel.height).toBeLessThanOrEqual(viewport.height - 8);
    }),
  );
});
