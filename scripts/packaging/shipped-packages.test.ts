import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import type { AnySchemaObject } from 'ajv';
import addFormats from 'ajv-formats';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sbom } from './sbom.ts';
import { notices, shippedPackages } from './shipped-packages.ts';
import type { ShippedPackage } from './shipped-packages.ts';

/** The schemas of CycloneDX. The package does not export them. */
const schemas = join(import.meta.dirname, '../../node_modules/@cyclonedx/cyclonedx-library/res/schema');
const readSchema = (name: string) =>
  JSON.parse(readFileSync(join(schemas, `${name}.SNAPSHOT.schema.json`), 'utf8')) as AnySchemaObject;

describe('PK8 a shipped package', () => {
  let out: string;
  beforeEach(() => {
    out = mkdtempSync(join(tmpdir(), 'slate-out-'));
  });
  afterEach(() => rmSync(out, { recursive: true }));

  /** Writes the lists of packages, like the build. */
  const ship = (...packages: string[]) => {
    mkdirSync(join(out, 'renderer'), { recursive: true });
    for (const bundle of ['main', 'preload', 'renderer'])
      writeFileSync(join(out, `${bundle}-packages.json`), JSON.stringify(packages));
    return shippedPackages(out);
  };

  test('is listed once, with its license and the text of the license', () => {
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

  /** The bill of materials of an artefact that contains `abc`. */
  function billOf(packages: readonly ShippedPackage[]) {
    const artefact = join(out, 'slate.tar.gz');
    writeFileSync(artefact, 'abc');
    const runtime = { electron: '45.4.1', chrome: '150.0.1.2', node: '24.1.0', modules: '140' };
    return sbom(artefact, { version: '1.2.3', packages, runtime, epoch: 1_700_000_000 });
  }

  test('is in a bill of materials that fits the schema of CycloneDX', () => {
    const ajv = new Ajv({ strict: false, allErrors: true });
    (addFormats as unknown as typeof addFormats.default)(ajv);
    // Not known to the validator, and not in our bills.
    for (const format of ['iri-reference', 'idn-email']) ajv.addFormat(format, true);
    for (const name of ['jsf-0.82', 'spdx'])
      ajv.addSchema(readSchema(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
    const fits = ajv.compile(readSchema('bom-1.6'));
    const errorsIn = (bill: object) =>
      fits(bill) ? [] : fits.errors?.map(({ instancePath }) => instancePath);

    const bill = billOf(ship('node_modules/zod', 'node_modules/@fontsource-variable/inter'));
    expect(errorsIn(bill)).toEqual([]);
    expect(errorsIn({ ...bill, serialNumber: 'one' })).toEqual(['/serialNumber']);
    expect(errorsIn({ ...bill, components: [{ type: 'library', version: '1' }] })).toEqual(['/components/0']);
  });

  test('is in the bill of materials of an artefact, with hashes', () => {
    const packages = ship('node_modules/@mantine/core');
    const bom = billOf(packages);
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
