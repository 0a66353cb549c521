import { describe, expect, test } from 'vitest';
import { placeWindow, smallest } from './window-place.ts';

const main = { x: 0, y: 0, width: 1920, height: 1040 };
const second = { x: 1920, y: -200, width: 2560, height: 1400 };
const lastPlace = (x: number, y: number, width = 1200, height = 800) => ({
  x,
  y,
  width,
  height,
  maximized: false,
});

describe('DT12 the window', () => {
  test('has its default size at first, and no more than the screen', () => {
    expect(placeWindow(null, [main], main)).toEqual({ width: 1600, height: 1000 });
    expect(placeWindow(null, [], { ...main, width: 1366, height: 728 })).toEqual({
      width: 1366,
      height: 728,
    });
  });

  test('opens where it was, on any screen', () => {
    expect(placeWindow(lastPlace(2000, -150), [main, second], main)).toEqual({
      x: 2000,
      y: -150,
      width: 1200,
      height: 800,
    });
    // Half of it was beyond the edge.
    expect(placeWindow(lastPlace(1400, 500), [main], main)).toMatchObject({ x: 1400, y: 500 });
  });

  test.each([
    ['its screen is gone', lastPlace(2000, -150)],
    ['too little of its title bar can be seen', lastPlace(1800, 100)],
    ['its title bar is above the screen', lastPlace(100, -30)],
    ['it is below the screen', lastPlace(100, 1020)],
    ['it is left of the screen', lastPlace(-1100, 100)],
  ])('is centered on the main screen when %s', (_why, place) => {
    expect(placeWindow(place, [main], main)).toEqual({ width: 1600, height: 1000 });
  });

  test('is limited to the screen, and never smaller than the minimum', () => {
    expect(placeWindow(lastPlace(0, 0, 5000, 4000), [main], main)).toMatchObject({
      width: 1920,
      height: 1040,
    });
    expect(placeWindow(lastPlace(0, 0, 300, 100), [main], main)).toMatchObject(smallest);
  });
});
