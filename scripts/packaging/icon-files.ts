/** The icon files of Windows and macOS. Both are containers of PNGs. */

export type Png = { size: number; bytes: Buffer };

/** The sizes that the platforms ask for. */
export const iconSizes = [16, 32, 48, 64, 128, 256, 512, 1024] as const;

const icoLargest = 256;

/** A header, one entry of 16 bytes for each picture, then the pictures. */
export function ico(pictures: readonly Png[]): Buffer {
  const fitting = pictures.filter(({ size }) => size <= icoLargest);
  const header = Buffer.alloc(6);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(fitting.length, 4);
  let offset = header.length + 16 * fitting.length;
  const entries = fitting.map(({ size, bytes }) => {
    const entry = Buffer.alloc(16);
    // 0 stands for 256.
    entry.writeUInt8(size % icoLargest, 0);
    entry.writeUInt8(size % icoLargest, 1);
    entry.writeUInt16LE(1, 4);
    entry.writeUInt16LE(32, 6);
    entry.writeUInt32LE(bytes.length, 8);
    entry.writeUInt32LE(offset, 12);
    offset += bytes.length;
    return entry;
  });
  return Buffer.concat([header, ...entries, ...fitting.map(({ bytes }) => bytes)]);
}

/** The types of an icns file, by the pixels of their PNG. Sharp screens have types of their own. */
const icnsTypes: Partial<Record<number, readonly string[]>> = {
  16: ['icp4'],
  32: ['icp5', 'ic11'],
  64: ['ic12'],
  128: ['ic07'],
  256: ['ic08', 'ic13'],
  512: ['ic09', 'ic14'],
  1024: ['ic10'],
};

/** A header and the pictures, each with a type and a length that counts its own header of 8 bytes. */
export function icns(pictures: readonly Png[]): Buffer {
  const block = (type: string, bytes: Buffer) => {
    const header = Buffer.alloc(8);
    header.write(type, 'latin1');
    header.writeUInt32BE(header.length + bytes.length, 4);
    return Buffer.concat([header, bytes]);
  };
  const blocks = pictures.flatMap(({ size, bytes }) =>
    (icnsTypes[size] ?? []).map((type) => block(type, bytes)),
  );
  return block('icns', Buffer.concat(blocks));
}
