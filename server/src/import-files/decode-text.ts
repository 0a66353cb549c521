import { isUtf8 } from 'node:buffer';

const decode = (bytes: Uint8Array, encoding: string) => new TextDecoder(encoding).decode(bytes);

/** Half of the bytes of most texts in UTF-16 are zero: the odd ones (little-endian) or the even ones. */
function utf16Of(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const start = bytes.subarray(0, 2_000);
  const zerosAt = (parity: number) =>
    start.filter((byte, index) => byte === 0 && index % 2 === parity).length;
  const [even, odd] = [zerosAt(0), zerosAt(1)];
  if (even + odd < start.length / 4) return null;
  return odd > even ? 'utf-16le' : 'utf-16be';
}

/** The text of a file, and what to say about its encoding. */
export function decodeText(bytes: Uint8Array): { text: string; notes: string[] } {
  const utf16 = utf16Of(bytes);
  if (utf16) return { text: decode(bytes, utf16), notes: ['The file was read as UTF-16.'] };
  if (isUtf8(bytes)) return { text: decode(bytes, 'utf-8'), notes: [] };
  return {
    text: decode(bytes, 'windows-1252'),
    notes: ['The file is not UTF-8 and was read as Windows-1252. Check the letters with accents.'],
  };
}
