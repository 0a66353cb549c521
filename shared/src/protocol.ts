/**
 * The versions of the wire protocol that this program speaks. A console and a server work together when their ranges
 * overlap, so they can be updated at different times. `protocol.test.ts` fails when a wire shape changes and
 * `protocolVersion` does not. CONTRIBUTING.md says which of the two numbers to raise.
 */
export const protocolVersion = 5;
export const lowestProtocol = 5;

export type Protocols = { readonly lowest: number; readonly highest: number };
export const protocols: Protocols = { lowest: lowestProtocol, highest: protocolVersion };

export const areCompatible = (one: Protocols, other: Protocols) =>
  one.lowest <= other.highest && other.lowest <= one.highest;

/** Every response has this header, so a client learns of an incompatible version before signing in. */
export const protocolHeader = 'Slate-Protocol';
export const formatProtocols = ({ lowest, highest }: Protocols = protocols) => `${lowest}-${highest}`;

/** Whether this status, without that header, comes from a proxy whose server is down or silent. */
export const isGatewayFailure = (status: number) => status >= 502 && status <= 504;

/** Null if the text is not a range of versions. */
export function readProtocols(text: string): Protocols | null {
  const [, lowest, highest] = /^(\d{1,9})-(\d{1,9})$/.exec(text) ?? [];
  return lowest === undefined || highest === undefined
    ? null
    : { lowest: Number(lowest), highest: Number(highest) };
}
