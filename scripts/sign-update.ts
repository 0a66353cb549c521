/**
 * `npm run sign-update -- <folder>`: signs the packages in a folder as an update of one channel, and writes `manifest.json`
 * beside them. The private key (Ed25519, PEM) is in SLATE_UPDATE_KEY, or in the file that SLATE_UPDATE_KEY_FILE names.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { updateChannel, updateManifest, updateProduct } from '@slate/shared/updates';
import { validationMessage } from '@slate/shared/validation-message';
import manifest from '../package.json' with { type: 'json' };
import { packagesIn, privateKeyFrom, publicKeyOf, publishManifest, signManifest } from './update-manifest.ts';

const usage =
  'Usage: npm run sign-update -- <folder> [--channel stable] [--version 1.2.3] [--minimum 1.0.0] ' +
  '[--not-before 2026-12-01T06:00:00Z] [--days 90] [--notes <file>] [--test-builds]';

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      channel: { type: 'string', default: 'stable' },
      version: { type: 'string', default: manifest.version },
      minimum: { type: 'string', default: '0.1.0' },
      'not-before': { type: 'string' },
      days: { type: 'string', default: '90' },
      notes: { type: 'string' },
      'test-builds': { type: 'boolean', default: false },
    },
  });
  const [folder] = positionals;
  if (folder === undefined || positionals.length > 1) throw new Error(usage);
  const { SLATE_UPDATE_KEY, SLATE_UPDATE_KEY_FILE } = process.env;
  const pem = SLATE_UPDATE_KEY ?? (SLATE_UPDATE_KEY_FILE && readFileSync(SLATE_UPDATE_KEY_FILE, 'utf8'));
  if (!pem) throw new Error('Set SLATE_UPDATE_KEY or SLATE_UPDATE_KEY_FILE to the private key.');
  const key = privateKeyFrom(pem);

  const signedAt = new Date();
  const unsigned = updateManifest.safeParse(
    {
      product: updateProduct,
      channel: updateChannel.parse(values.channel),
      version: values.version,
      minimumVersion: values.minimum,
      signedAt: signedAt.toISOString(),
      notBefore: values['not-before'] ?? signedAt.toISOString(),
      expires: new Date(signedAt.getTime() + Number(values.days) * 86_400_000).toISOString(),
      notes: values.notes === undefined ? '' : readFileSync(values.notes, 'utf8').trim(),
      files: await packagesIn(folder, { version: values.version, withTestBuilds: values['test-builds'] }),
    },
    { error: validationMessage },
  );
  if (!unsigned.success)
    throw new Error(
      unsigned.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join(' '),
    );
  publishManifest(folder, signManifest(unsigned.data, key));
  const { version, channel, files, expires } = unsigned.data;
  console.log(`Signed ${version} for ${channel}: ${files.map(({ name }) => name).join(', ')}.`);
  console.log(`It expires on ${expires.slice(0, 10)}. The public key is ${publicKeyOf(key)}.`);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
