import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sbom } from './sbom.ts';
import { notices, shippedPackages } from './shipped-packages.ts';

describe('PK8 a shipped package', () => {
  let out: string;
  beforeEach(() => {
    out = mkdtempSync(join(tmpdir(), 'slate-out-'));
  });
  afterEach(() => rmSync(out, { recursive: true }));

  /** The lists that the build leaves beside its bundles. */
  const ship = (...packages: string[]) => {
    mkdirSync(join(out, 'renderer'), { recursive: true });
    for (const bundle of ['main', 'preload', 'renderer'])
      writeFileSync(join(out, `${bundle}-packages.json`), JSON.stringify(packages));
    return shippedPackages(out);
  };

  test('is listed once, with its license and the text of it', () => {
    const packages = ship('node_modules/zod', 'node_modules/@mantine/core');
    expect(packages.map(({ name, license }) => [name, license])).toEqual([
      ['@mantine/core', 'MIT'],
      ['zod', 'MIT'],
    ]);
    const text = notices(packages);
    for (const { name, version, texts } of packages) {
      expect(text).toContain(`${name} ${version} (MIT)`);
      expect(texts.join('\n')).toMatch(/Permission is hereby granted/);
      for (const each of texts) expect(text).toContain(each);
    }
  });

  test('stops the build if its license is not permitted', () => {
    // A tool under the license of Python.
    expect(() => ship('node_modules/argparse')).toThrow('node_modules/argparse: its license is none of');
  });

  test('is in the bill of materials of an artefact, with hashes', () => {
    const artefact = join(out, 'slate.tar.gz');
    writeFileSync(artefact, 'abc');
    const packages = ship('node_modules/@mantine/core');
    const runtime = { electron: '45.4.1', chrome: '150.0.1.2', node: '24.1.0', modules: '140' };
    const bom = sbom(artefact, { version: '1.2.3', packages, runtime, epoch: 1_700_000_000 });
    expect(bom.metadata.component.hashes).toEqual([
      { alg: 'SHA-256', content: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' },
      {
        alg: 'SHA-512',
        content:
          'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a' +
          '2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
      },
    ]);
    expect(bom.metadata.timestamp).toBe('2023-11-14T22:13:20.000Z');
    expect(bom.components.map((each) => ('purl' in each ? each.purl : each.cpe))).toEqual([
      `pkg:npm/%40mantine/core@${packages[0]?.version}`,
      'pkg:npm/electron@45.4.1',
      'cpe:2.3:a:google:chrome:150.0.1.2:*:*:*:*:*:*:*',
      'cpe:2.3:a:nodejs:node.js:24.1.0:*:*:*:*:*:*:*',
    ]);
    expect(packages[0]?.sha512).toMatch(/^[\da-f]{128}$/);
    expect(bom.components[0]).toMatchObject({ hashes: [{ alg: 'SHA-512', content: packages[0]?.sha512 }] });
    // Every reference leads to a component.
    const known = new Set(['slate', ...bom.components.map((each) => each['bom-ref'])]);
    const named = bom.dependencies.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn]);
    expect(named.filter((ref) => !known.has(ref))).toEqual([]);
    expect(new Set(named)).toEqual(known);
  });
});
