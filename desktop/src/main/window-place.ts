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
const defaultSize = { width: 1600, height: 1000 };

/** The part of the title bar that must be visible, so that the window can be dragged. */
const dragArea = { width: 200, height: 40 };

/**
 * Returns the bounds in which the window opens: its last place if that is still on a screen, otherwise the default size.
 * Screens disappear with docks and remote sessions, and a window off screen is useless.
 */
export function placeWindow(
  last: WindowPlace | null,
  screens: readonly Area[],
  main: Area,
): Partial<Area> & { width: number; height: number } {
  const screen = last && screens.find((each) => canBeDragged(last, each));
  if (!last || !screen) {
    return {
      width: Math.min(defaultSize.width, main.width),
      height: Math.min(defaultSize.height, main.height),
    };
  }
  return {
    x: last.x,
    y: last.y,
    width: Math.max(smallest.width, Math.min(last.width, screen.width)),
    height: Math.max(smallest.height, Math.min(last.height, screen.height)),
  };
}

function canBeDragged(window: WindowPlace, screen: Area) {
  const visibleWidth =
    Math.min(window.x + window.width, screen.x + screen.width) - Math.max(window.x, screen.x);
  return (
    visibleWidth >= dragArea.width &&
    window.y >= screen.y &&
    window.y + dragArea.height <= screen.y + screen.height
  );
}
