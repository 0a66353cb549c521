import { generateKeyPairSync, sign } from 'node:crypto';
import { expect, test } from 'vitest';
import { publicKeyOf, signManifest } from '../../../../scripts/update-manifest.ts';
import { manifestOf } from '../../../../shared/test/update-manifests.ts';
import { openSignedManifest } from './signed-manifest.ts';

const keys = [1, 2, 3].map(() => generateKeyPairSync('ed25519').privateKey);
const [current, next, foreign] = keys as [(typeof keys)[0], (typeof keys)[0], (typeof keys)[0]];
const trusted = [publicKeyOf(current), publicKeyOf(next)];

const manifest = manifestOf({ notes: 'Größer: “OR 4”' });
const signed = signManifest(manifest, current);
const signedText = (text: string) => ({
  manifest: text,
  signature: sign(null, Buffer.from(text), current).toString('base64'),
});

test('UP1 each key of the program opens the manifests that it signed', () => {
  expect(openSignedManifest(signed, trusted)).toEqual(manifest);
  expect(openSignedManifest(signManifest(manifest, next), trusted)).toEqual(manifest);
});

test('UP1 no other key opens a manifest', () => {
  expect(openSignedManifest(signManifest(manifest, foreign), trusted)).toBe('signature');
  expect(openSignedManifest(signed, [])).toBe('signature');
});

test('UP1 a signature fails if one byte of the manifest changed', () => {
  for (let at = 0; at < signed.manifest.length; at += 1) {
    const changed = `${signed.manifest.slice(0, at)}#${signed.manifest.slice(at + 1)}`;
    if (changed === signed.manifest) continue;
    expect(openSignedManifest({ ...signed, manifest: changed }, trusted)).toBe('signature');
  }
  expect(openSignedManifest({ ...signed, manifest: `${signed.manifest} ` }, trusted)).toBe('signature');
});

test('UP1 a signature fails if one byte of it changed', () => {
  for (let at = 0; at < 64; at += 1) {
    const signature = Buffer.from(signed.signature, 'base64');
    signature[at] = (signature[at] ?? 0) ^ 1;
    expect(openSignedManifest({ ...signed, signature: signature.toString('base64') }, trusted)).toBe(
      'signature',
    );
  }
});

test('UP1 the program reads only the signed bytes', () => {
  expect(openSignedManifest({ manifest: '{', signature: signed.signature }, trusted)).toBe('signature');
  expect(openSignedManifest(signedText('{'), trusted)).toBe('malformed');
  expect(openSignedManifest(signedText('{}'), trusted)).toBe('malformed');
  // The lone surrogate and U+FFFD have the same bytes.
  const broken = JSON.stringify(manifest).replace('Größer', '\uD800');
  const opened = openSignedManifest(signedText(broken), trusted);
  expect(opened).toMatchObject({ notes: '\uFFFD: “OR 4”' });
});
