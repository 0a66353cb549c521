/**
 * Which versions of the wire a program speaks. A console and a server work together where their ranges meet, so that
 * they need not be updated in the same minute. `protocol.test.ts` fails when a wire shape changes and this does not.
 * CONTRIBUTING.md says which of the two numbers to raise.
 */
export const protocolVersion = 5;
export const lowestProtocol = 5;

export type Protocols = { readonly lowest: number; readonly highest: number };
export const protocols: Protocols = { lowest: lowestProtocol, highest: protocolVersion };

export const understand = (one: Protocols, other: Protocols) =>
  one.lowest <= other.highest && other.lowest <= one.highest;

/** The header of every answer that names them: whoever speaks others learns that before signing in. */
export const protocolHeader = 'Slate-Protocol';
export const saidProtocols = ({ lowest, highest }: Protocols = protocols) => `${lowest}-${highest}`;

/** Null for whatever is not a range of versions. */
export function readProtocols(said: string): Protocols | null {
  const [, lowest, highest] = /^(\d{1,9})-(\d{1,9})$/.exec(said) ?? [];
  return lowest === undefined || highest === undefined
    ? null
    : { lowest: Number(lowest), highest: Number(highest) };
}
