/** Reads the picture of a virtual screen that Xvfb keeps in a file (`-fbdir`), in the format of xwd. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The blue of the icon and the main button, as the screen stores it: blue, green, red. */
const blue = 0x0b_5f_ff;

/** The rows of the screen that have pixels of our blue. Empty while nothing of ours is drawn. */
export function blueRows(folder: string): number[] {
  const file = readFileSync(join(folder, 'Xvfb_screen0'));
  const field = (index: number) => file.readUInt32BE(4 * index);
  const [headerBytes, width, height, lineBytes, colors] = [0, 4, 5, 12, 19].map(field) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const pixels = headerBytes + 12 * colors;
  return Array.from({ length: height }, (_, row) => row).filter((row) => {
    const at = pixels + row * lineBytes;
    const line = new Uint32Array(file.buffer.slice(file.byteOffset + at, file.byteOffset + at + 4 * width));
    return line.some((pixel) => (pixel & 0xff_ff_ff) === blue);
  });
}
