import { createHmac, hkdfSync } from 'node:crypto';

/**
 * One secret is configured; each use derives its own key. Changing the secret signs everyone out, changes the
 * pseudonyms of patients, and makes older audit anchors unverifiable.
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
 * Shows in the audit which searches were for the same patient, without showing who. Keyed, because patient references
 * are short: a plain hash could be reversed by trying them all.
 */
export const createPseudonym =
  (secret: string): Pseudonym =>
  (siteId, patientRef) =>
    createHmac('sha256', secret)
      .update(siteId + patientRef.normalize('NFC').trim())
      .digest('hex')
      .slice(0, 16);
