/** Reads the picture of a virtual screen that Xvfb keeps in a file (`-fbdir`), in the format of xwd. */
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';

/** The blue of the icon and the main button, as the screen stores it: blue, green, red. */
const blue = 0x0b_5f_ff;
const headerFields = 25;

/**
 * The rows of the screen that have pixels of our blue. Empty while nothing of ours is drawn. `every`: reads only each of so many
 * rows, for a test that measures time and must not use a processor by itself.
 */
export function blueRows(folder: string, every = 1): number[] {
  const file = openSync(join(folder, 'Xvfb_screen0'), 'r');
  try {
    const header = new DataView(new ArrayBuffer(4 * headerFields));
    readSync(file, header, 0, header.byteLength, 0);
    const field = (index: number) => header.getUint32(4 * index);
    const [headerBytes, width, height, lineBytes, colors] = [
      field(0),
      field(4),
      field(5),
      field(12),
      field(19),
    ];
    const pixels = headerBytes + 12 * colors;
    const line = new Uint32Array(width);
    return Array.from({ length: Math.floor(height / every) }, (_, index) => index * every).filter((row) => {
      readSync(file, line, 0, line.byteLength, pixels + row * lineBytes);
      return line.some((pixel) => (pixel & 0xff_ff_ff) === blue);
    });
  } finally {
    closeSync(file);
  }
}
