/**
 * Raised whenever a wire shape changes: consoles and servers of different versions then say so plainly
 * instead of misreading each other. `protocol.test.ts` fails when a shape changes and this does not.
 */
export const protocolVersion = 5;

/** The header of every answer that names it: whoever speaks another learns that before signing in. */
export const protocolHeader = 'Slate-Protocol';
