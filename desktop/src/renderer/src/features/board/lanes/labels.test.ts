import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ghostLabelPosition } from './labels.ts';

const seen = { left: 104, top: 28, right: 1104, bottom: 828 };
const size = { width: 300, height: 24 };
const box = (left: number, top: number, width = 120, height = 40) => ({
  left,
  top,
  right: left + width,
  bottom: top + height,
});

test('in lanes, the label is above the ghost, and below it in the first lane', () => {
  expect(ghostLabelPosition('x', box(400, 300), seen, size)).toEqual({ left: 400, top: 271 });
  expect(ghostLabelPosition('x', box(400, 30), seen, size)).toEqual({ left: 400, top: 75 });
});

test('in columns, the label is right of the ghost, and left of it in the last column', () => {
  expect(ghostLabelPosition('y', box(400, 300), seen, size)).toEqual({ left: 525, top: 300 });
  expect(ghostLabelPosition('y', box(960, 300), seen, size)).toEqual({ left: 655, top: 300 });
});

test('the label is below the ghost if there is too little space above', () => {
  expect(ghostLabelPosition('x', box(400, 110), seen, { width: 60, height: 77 })).toEqual({
    left: 400,
    top: 155,
  });
});

test('the label is never clipped, and covers the ghost only if there is no other place', () => {
  const spot = fc.integer({ min: -200, max: 1300 });
  const lengths = fc.integer({ min: 5, max: 600 });
  fc.assert(
    fc.property(
      fc.constantFrom('x' as const, 'y' as const),
      spot,
      spot,
      lengths,
      fc.integer({ min: 60, max: 560 }),
      fc.integer({ min: 22, max: 80 }),
      (axis, left, top, length, width, height) => {
        const ghost = axis === 'x' ? box(left, top, length, 40) : box(left, top, 118, length);
        const at = ghostLabelPosition(axis, ghost, seen, { width, height });
        expect(at.left).toBeGreaterThanOrEqual(seen.left);
        expect(at.top).toBeGreaterThanOrEqual(seen.top);
        expect(at.left + width).toBeLessThanOrEqual(seen.right);
        expect(at.top + height).toBeLessThanOrEqual(seen.bottom);
        const isWhollySeen = ghost.top >= seen.top && ghost.bottom <= seen.bottom;
        const isBeside = at.top >= ghost.bottom || at.top + height <= ghost.top;
        expect(axis === 'y' || !isWhollySeen || isBeside).toBe(true);
      },
    ),
  );
});
