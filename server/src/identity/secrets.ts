import { createHmac, hkdfSync } from 'node:crypto';

/**
 * One secret is configured; each use of it has a key of its own. Another secret signs everybody out, gives the same
 * patient another pseudonym from then on, and signs anchors that the old one cannot check.
 */
export function secretsFrom(secret: string) {
  const derive = (purpose: string) =>
    Buffer.from(hkdfSync('sha256', secret, '', purpose, 32)).toString('hex');
  return {
    accessSecret: derive('access tokens'),
    refreshSecret: derive('refresh tokens'),
    pseudonymSecret: derive('patient pseudonyms'),
    anchorSecret: derive('audit anchors'),
  };
}

export type Pseudonym = (siteId: string, patientRef: string) => string;

/**
 * Tells searches for the same patient apart from those for others, without telling who it is: references are short, so
 * that without a key somebody who has the audit would find each of them by trying all.
 */
export const createPseudonym =
  (secret: string): Pseudonym =>
  (siteId, patientRef) =>
    createHmac('sha256', secret)
      .update(siteId + patientRef.normalize('NFC').trim())
      .digest('hex')
      .slice(0, 16);
