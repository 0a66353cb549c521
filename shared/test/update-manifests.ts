import { updateProduct } from '../src/updates.ts';
import type { UpdateManifest } from '../src/updates.ts';

/** A manifest without packages. */
export const manifestOf = (change: Partial<UpdateManifest> = {}): UpdateManifest => ({
  product: updateProduct,
  channel: 'stable',
  version: '0.2.0',
  minimumVersion: '0.1.0',
  signedAt: '2026-11-20T00:00:00.000Z',
  notBefore: '2026-11-20T00:00:00.000Z',
  expires: '2027-02-01T00:00:00.000Z',
  notes: '',
  files: [],
  ...change,
});
