/**
 * A software bill of materials in CycloneDX 1.6 for one artefact: everything that is in it, for
 * people who track vulnerabilities.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { ShippedPackage } from './shipped-packages.ts';

type Contents = {
  version: string;
  packages: readonly ShippedPackage[];
  /** The `process.versions` of Electron. */
  runtime: Readonly<Record<string, string>>;
  epoch: number;
};

/** Parts of Electron for which vulnerabilities are published, with their names in the CPE dictionary. */
const parts: Record<string, string> = {
  chrome: 'google:chrome',
  node: 'nodejs:node.js',
  openssl: 'openssl:openssl',
  zlib: 'zlib:zlib',
};

export function sbom(artefact: string, { version, packages, runtime, epoch }: Contents) {
  const file = readFileSync(artefact);
  const { electron, ...others } = runtime;
  const isKnown = ([name]: [string, string]) => name in parts;
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      timestamp: new Date(epoch * 1000).toISOString(),
      component: {
        type: 'application',
        'bom-ref': 'slate',
        name: 'slate',
        version,
        description: basename(artefact),
        licenses: [{ license: { id: 'Apache-2.0' } }],
        hashes: ['sha256', 'sha512'].map((algorithm) => ({
          alg: algorithm.replace('sha', 'SHA-'),
          content: createHash(algorithm).update(file).digest('hex'),
        })),
      },
    },
    components: [
      ...packages.map(({ name, version: of, license, sha512 }) => ({
        type: 'library',
        'bom-ref': purl(name, of),
        name,
        version: of,
        purl: purl(name, of),
        licenses: [{ license: { id: license } }],
        ...(sha512 !== null && { hashes: [{ alg: 'SHA-512', content: sha512 }] }),
      })),
      {
        type: 'framework',
        'bom-ref': 'electron',
        name: 'electron',
        version: electron,
        purl: purl('electron', electron ?? ''),
        licenses: [{ license: { id: 'MIT' } }],
      },
      ...Object.entries(others)
        .filter(isKnown)
        .map(([name, of]) => ({
          type: 'library',
          'bom-ref': `electron/${name}`,
          name,
          version: of,
          cpe: `cpe:2.3:a:${parts[name]}:${of}:*:*:*:*:*:*:*`,
        })),
    ],
    dependencies: [
      { ref: 'slate', dependsOn: [...packages.map(({ name, version: of }) => purl(name, of)), 'electron'] },
      {
        ref: 'electron',
        dependsOn: Object.entries(others)
          .filter(isKnown)
          .map(([name]) => `electron/${name}`),
      },
    ],
  };
}

/** `@` begins a version in a package URL, so the `@` of a scope is escaped. */
const purl = (name: string, version: string) => `pkg:npm/${name.replace('@', '%40')}@${version}`;
