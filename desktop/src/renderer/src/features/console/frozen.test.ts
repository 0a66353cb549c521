import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

type Color = readonly [red: number, green: number, blue: number];

const read = (file: string) => readFileSync(join(import.meta.dirname, file), 'utf8');
const [light = '', dark = ''] = read('../../ui/theme.css').split('[data-wall]');
const amount = Number(
  /\.screen\[data-frozen\][^}]*saturate\(([\d.]+)\)/.exec(read('console.module.css'))?.[1],
);

const colorOf = (css: string, name: string): Color => {
  const hex = new RegExp(`--${name}: #([0-9a-f]{6})`).exec(css)?.[1];
  if (hex === undefined) throw new Error(`There is no ${name}.`);
  return [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16)) as unknown as Color;
};
/** The same as the filter in the style sheet. */
function faded([red, green, blue]: Color): Color {
  const gray = 0.213 * red + 0.715 * green + 0.072 * blue;
  return [red, green, blue].map((part) => gray + amount * (part - gray)) as unknown as Color;
}
function luminance(color: Color): number {
  const [red = 0, green = 0, blue = 0] = color.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
function contrast(one: Color, other: Color): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

const states = ['hold', 'booked', 'ready', 'in-room', 'overrun', 'conflict', 'turnover', 'done'];

describe.each([
  ['light', light],
  ['dark', dark],
])('on a frozen board in %s', (_scheme, css) => {
  test.each(states)('%s stays readable', (state) => {
    const [fill, text] = [colorOf(css, `${state}-fill`), colorOf(css, `${state}-text`)];
    expect(contrast(faded(fill), faded(text))).toBeGreaterThanOrEqual(4.5);
  });

  test.each([
    ['text', 4.5],
    ['dimmed', 4.5],
    ['now', 4.5],
    ['focus', 3],
  ])('text on the board stays readable: %s', (name, least) => {
    expect(contrast(faded(colorOf(css, name)), faded(colorOf(css, 'board')))).toBeGreaterThanOrEqual(least);
  });

  test('colors have faded', () => {
    const [red, green, blue] = faded(colorOf(css, 'overrun-fill'));
    expect(Math.max(red, green, blue) - Math.min(red, green, blue)).toBeLessThan(110);
  });
});
