/** The npm packages in the built console, and the notices that their licenses require. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const root = join(import.meta.dirname, '../..');
const bundles = ['main', 'preload', 'renderer'];

/** The licenses that we may ship. Ask a lawyer before adding another one. */
const permitted = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'OFL-1.1'];

const manifest = z.object({ name: z.string(), version: z.string(), license: z.enum(permitted) });
const lockfile = z.object({
  packages: z.record(z.string(), z.object({ integrity: z.string().optional() })),
});

export type ShippedPackage = z.infer<typeof manifest> & {
  /** The texts of its license files. */
  texts: readonly string[];
  /** The SHA-512 hash of its archive in the registry, in hexadecimal; null for our own packages. */
  sha512: string | null;
};

/** Reads the lists that the build writes next to the bundles. */
export function shippedPackages(out: string): ShippedPackage[] {
  const { packages } = lockfile.parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')));
  const folders = bundles.flatMap((bundle) =>
    z.array(z.string()).parse(JSON.parse(readFileSync(join(out, `${bundle}-packages.json`), 'utf8'))),
  );
  return [...new Set(folders)].toSorted().map((folder) => {
    const files = readdirSync(join(root, folder)).filter((name) => /^(licen[cs]e|notice)/i.test(name));
    const hash = /^sha512-(.+)$/.exec(packages[folder]?.integrity ?? '')?.[1];
    return {
      ...manifest.parse(JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')), {
        error: () => `${folder}: its license is none of ${permitted.join(', ')}.`,
      }),
      texts: files.toSorted().map((name) => readFileSync(join(root, folder, name), 'utf8').trim()),
      sha512: hash === undefined ? null : Buffer.from(hash, 'base64').toString('hex'),
    };
  });
}

const line = '-'.repeat(80);

/** The text of THIRD-PARTY-LICENSES.txt. */
export function notices(packages: readonly ShippedPackage[]): string {
  const head = `Slate contains the software below, under these licenses.

It also contains Electron, Chromium and their parts. Their licenses are in the files
LICENSE.electron.txt and LICENSES.chromium.html, which are installed with it.
`;
  const entries = packages.map(({ name, version, license, texts }) =>
    [line, `${name} ${version} (${license})`, line, ...texts].join('\n\n'),
  );
  return `${[head, ...entries].join('\n')}\n`;
}
