import { z } from 'zod';

export const windowPlace = z.strictObject({
  x: z.int(),
  y: z.int(),
  width: z.int().positive(),
  height: z.int().positive(),
  maximized: z.boolean(),
});
export type WindowPlace = z.infer<typeof windowPlace>;

export type Area = { x: number; y: number; width: number; height: number };

export const smallest = { width: 1024, height: 640 };
const usual = { width: 1600, height: 1000 };

/** So much of the title bar must be on a screen that the window can be taken hold of. */
const grip = { width: 200, height: 40 };

/**
 * Where the window goes: where it was, if a screen is still there. Screens come and go with docks and remote
 * sessions; a window nobody can see or move is as good as a program that does not start.
 */
export function placeWindow(
  kept: WindowPlace | null,
  screens: readonly Area[],
  main: Area,
): Partial<Area> & { width: number; height: number } {
  const screen = kept && screens.find((each) => hasGrip(kept, each));
  if (!kept || !screen) {
    return { width: Math.min(usual.width, main.width), height: Math.min(usual.height, main.height) };
  }
  return {
    x: kept.x,
    y: kept.y,
    width: Math.max(smallest.width, Math.min(kept.width, screen.width)),
    height: Math.max(smallest.height, Math.min(kept.height, screen.height)),
  };
}

function hasGrip(window: WindowPlace, screen: Area) {
  const across = Math.min(window.x + window.width, screen.x + screen.width) - Math.max(window.x, screen.x);
  return across >= grip.width && window.y >= screen.y && window.y + grip.height <= screen.y + screen.height;
}
