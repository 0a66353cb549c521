import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { icns, ico, iconSizes } from './icon-files.ts';
import type { Png } from './icon-files.ts';

const folder = join(import.meta.dirname, '../../desktop/packaging');
const pictures: Png[] = iconSizes.map((size) => ({
  size,
  bytes: readFileSync(join(folder, `icons/${size}x${size}.png`)),
}));

/** Width, height and color type of a PNG; 6 has transparency. */
const read = (png: Buffer) => {
  expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  return [png.readUInt32BE(16), png.readUInt32BE(20), png.readUInt8(25)];
};

describe('PK3 the icons', () => {
  test.each(pictures)('have $size pixels and transparency', ({ size, bytes }) => {
    expect(read(bytes)).toEqual([size, size, 6]);
  });

  test('of Windows hold every size up to 256', () => {
    const file = readFileSync(join(folder, 'icon.ico'));
    expect(file).toEqual(ico(pictures));
    expect([file.readUInt16LE(0), file.readUInt16LE(2)]).toEqual([0, 1]);
    const sizes = Array.from({ length: file.readUInt16LE(4) }, (_, index) => {
      const at = 6 + 16 * index;
      const [bytes, offset] = [file.readUInt32LE(at + 8), file.readUInt32LE(at + 12)];
      const [width] = read(file.subarray(offset, offset + bytes));
      expect(file.readUInt8(at)).toBe((width ?? 0) % 256);
      return width;
    });
    expect(sizes).toEqual([16, 32, 48, 64, 128, 256]);
  });

  test('of macOS hold every type with its size', () => {
    const file = readFileSync(join(folder, 'icon.icns'));
    expect(file).toEqual(icns(pictures));
    expect(file.toString('latin1', 0, 4)).toBe('icns');
    expect(file.readUInt32BE(4)).toBe(file.length);
    const found: Record<string, number> = {};
    for (let at = 8; at < file.length; at += file.readUInt32BE(at + 4)) {
      const [width = 0] = read(file.subarray(at + 8));
      found[file.toString('latin1', at, at + 4)] = width;
    }
    expect(found).toEqual({
      icp4: 16,
      icp5: 32,
      ic11: 32,
      ic12: 64,
      ic07: 128,
      ic08: 256,
      ic13: 256,
      ic09: 512,
      ic14: 512,
      ic10: 1024,
    });
  });
});
