import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseJsonPolicy } from '../desktop/src/main/policy/parse-json.ts';
import { parseRegistry } from '../desktop/src/main/policy/parse-registry.ts';
import { parsePolicy } from '../desktop/src/main/policy/parse-policy.ts';
import { policyNames, policySettings } from '../desktop/src/main/policy/policy-settings.ts';
import type { Setting } from '../desktop/src/main/policy/policy-settings.ts';
import { policyFiles } from './policy-files.ts';

const folder = join(import.meta.dirname, '..', 'docs', 'policy');
const files = policyFiles();
const file = (name: string) => files[name] ?? '';

test('FP9 the files in docs/policy are made from the table; `npm run policy` writes them', () => {
  const committed = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => relative(folder, join(folder, name)).replaceAll('\\', '/'));
  expect(committed.toSorted()).toEqual(Object.keys(files).toSorted());
  for (const name of committed) {
    expect({ name, contents: readFileSync(join(folder, name), 'utf8') }).toEqual({
      name,
      contents: files[name],
    });
  }
});

type Element = { name: string; attributes: Record<string, string>; children: Element[]; text: string };

/** Reads XML strictly, without the parts that these files do not have. Throws if it is not well-formed. */
function readXml(source: string): Element {
  const document: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [document];
  const token =
    /<\?xml [^?]*\?>|<!DOCTYPE [^>]*>|<!--(?:(?!--)[^])*-->|<\/([\w]+)>|<([\w]+)((?: [\w:]+="[^"<&]*(?:&\w+;[^"<&]*)*")*) ?(\/?)>|([^<&]|&(?:amp|lt|gt|quot);)+/y;
  while (token.lastIndex < source.length) {
    const at = token.lastIndex;
    const found = token.exec(source);
    const parent = open.at(-1);
    if (!found || !parent) throw new Error(`Not well-formed: ${source.slice(at, at + 60)}`);
    const [text, closed, opened, attributes = '', isEmpty] = found;
    if (closed !== undefined) {
      if (open.pop()?.name !== closed) throw new Error(`</${closed}> closes another element.`);
    } else if (opened !== undefined) {
      const pairs = [...attributes.matchAll(/([\w:]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [
        key,
        value,
      ]);
      const child = {
        name: opened,
        attributes: Object.fromEntries(pairs) as Record<string, string>,
        children: [],
        text: '',
      };
      if (Object.keys(child.attributes).length !== pairs.length)
        throw new Error(`<${opened}> repeats an attribute.`);
      parent.children.push(child);
      if (isEmpty === '') open.push(child);
    } else if (!text.startsWith('<')) parent.text += text;
  }
  const [root, ...more] = document.children;
  if (!root || more.length > 0 || open.length !== 1) throw new Error('There is not exactly one element.');
  return root;
}

const all = (element: Element, name: string): Element[] =>
  element.children.flatMap((child) => [...(child.name === name ? [child] : []), ...all(child, name)]);
const one = (element: Element, name: string): Element => {
  const [found, ...more] = all(element, name);
  if (!found || more.length > 0) throw new Error(`There is not exactly one <${name}>.`);
  return found;
};
const named = (elements: Element[], key: string) => elements.map(({ attributes }) => attributes[key] ?? '');

test.each(['<a><b></a></b>', '<a>', '<a/><b/>', '<a x="1" x="2"/>', '<a x=1/>', '<a>&</a>', '<a>&nbsp;</a>'])(
  'the reader of these tests refuses %s',
  (wrong) => {
    expect(() => readXml(wrong)).toThrow(/^Not well-formed|closes another|repeats an attribute|exactly one/);
  },
);

describe('FP9 the template for Windows', () => {
  const admx = readXml(file('slate.admx'));
  const adml = readXml(file('en-US/slate.adml'));
  const policies = all(admx, 'policy');
  const strings = named(all(adml, 'string'), 'id');
  const presentations = all(adml, 'presentation');

  test('has the parts of the format, in its order', () => {
    const space = 'http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions';
    expect(admx).toMatchObject({ name: 'policyDefinitions', attributes: { xmlns: space } });
    expect(adml).toMatchObject({ name: 'policyDefinitionResources', attributes: { xmlns: space } });
    expect(admx.children.map(({ name }) => name)).toEqual([
      'policyNamespaces',
      'resources',
      'supportedOn',
      'categories',
      'policies',
    ]);
    expect(adml.children.map(({ name }) => name)).toEqual(['displayName', 'description', 'resources']);
    expect(one(adml, 'resources').children.map(({ name }) => name)).toEqual([
      'stringTable',
      'presentationTable',
    ]);
    expect(one(admx, 'resources').attributes['minRequiredRevision']).toBe(adml.attributes['revision']);
    for (const { children } of policies) {
      const order = ['parentCategory', 'supportedOn', 'enabledValue', 'disabledValue', 'elements'];
      const names = children.map(({ name }) => name);
      expect(names).toEqual(order.filter((each) => names.includes(each)));
      expect(names.slice(0, 2)).toEqual(['parentCategory', 'supportedOn']);
    }
  });

  /** The attributes of Microsoft's schema that these files use; it requires those without `?`. */
  const format: Record<string, string> = {
    policyDefinitions: 'xmlns revision schemaVersion',
    policyDefinitionResources: 'xmlns revision schemaVersion',
    target: 'prefix namespace',
    'policyDefinitions resources': 'minRequiredRevision',
    definition: 'name displayName',
    category: 'name displayName',
    parentCategory: 'ref',
    'policy supportedOn': 'ref',
    policy: 'name class displayName explainText? key presentation? valueName?',
    text: 'id valueName required? maxLength?',
    enum: 'id valueName required?',
    'elements decimal': 'id valueName required? minValue? maxValue?',
    decimal: 'value',
    item: 'displayName',
    'stringTable string': 'id',
    presentation: 'id',
    textBox: 'refId',
    decimalTextBox: 'refId defaultValue?',
    dropdownList: 'refId noSort? defaultItem?',
  };

  test('has the attributes of the format, and no others', () => {
    const check = (element: Element, parent: string) => {
      const allowed = format[`${parent} ${element.name}`] ?? format[element.name] ?? '';
      const known = allowed.split(' ').filter((each) => each !== '');
      const used = Object.keys(element.attributes);
      const where = `${parent} ${element.name}`;
      const unknown = used.filter((each) => !known.includes(each) && !known.includes(`${each}?`));
      const missing = known.filter((each) => !each.endsWith('?') && !used.includes(each));
      expect({ where, unknown, missing }).toEqual({ where, unknown: [], missing: [] });
      for (const child of element.children) check(child, element.name);
    };
    check(admx, '');
    check(adml, '');
    for (const { attributes: values } of [admx, adml, one(admx, 'resources')])
      expect(values['revision'] ?? values['minRequiredRevision']).toMatch(/^\d{1,4}\.\d{1,5}$/);
  });

  test('has every setting, and a second policy for each setting that can be recommended', () => {
    const recommended = policyNames.filter((name) => policySettings[name].canRecommend);
    expect(named(policies, 'name')).toEqual([
      ...policyNames,
      ...recommended.map((name) => `${name}_Recommended`),
    ]);
    expect(new Set(named(policies, 'key'))).toEqual(
      new Set(['SOFTWARE\\Policies\\Slate', 'SOFTWARE\\Policies\\Slate\\Recommended']),
    );
    expect(new Set(named(policies, 'class'))).toEqual(new Set(['Machine']));
  });

  test('has no reference without its target, and no target without a reference', () => {
    const used = [...file('slate.admx').matchAll(/\$\(string\.([^)]*)\)/g)].map(([, id = '']) => id);
    expect(new Set(used)).toEqual(new Set(strings));
    expect(new Set(strings).size).toBe(strings.length);
    for (const id of [...strings, ...named(policies, 'name')]) expect(id).toMatch(/^[A-Za-z_]\w*$/);
    const shown = policies.flatMap(({ attributes }) => attributes['presentation'] ?? []);
    expect(shown).toEqual(presentations.map(({ attributes: { id } }) => `$(presentation.${id})`));
    const categories = named(all(one(admx, 'categories'), 'category'), 'name');
    for (const ref of named(all(admx, 'parentCategory'), 'ref')) expect(categories).toContain(ref);
    const definitions = named(all(admx, 'definition'), 'name');
    for (const policy of policies)
      expect(definitions).toContain(one(policy, 'supportedOn').attributes['ref']);
  });

  test('shows each element with a control of its type', () => {
    const controls: Record<string, string> = {
      text: 'textBox',
      decimal: 'decimalTextBox',
      enum: 'dropdownList',
    };
    for (const presentation of presentations) {
      const policy = policies.find(({ attributes }) => attributes['name'] === presentation.attributes['id']);
      const [element] = policy ? one(policy, 'elements').children : [];
      const [control] = presentation.children;
      expect(control?.attributes['refId']).toBe(element?.attributes['id']);
      expect(control?.name).toBe(controls[element?.name ?? '']);
    }
  });

  test('writes only values that Slate accepts', () => {
    for (const policy of policies) {
      const { key = '', name: policyName = '' } = policy.attributes;
      const [element] = all(policy, 'elements').flatMap(({ children }) => children);
      const name = element?.attributes['valueName'] ?? policy.attributes['valueName'] ?? '';
      const { example }: Setting = policySettings[name as keyof typeof policySettings];
      const dword = (value: unknown) => `REG_DWORD    0x${Number(value).toString(16)}`;
      const written =
        element === undefined
          ? [
              ...all(one(policy, 'enabledValue'), 'decimal'),
              ...all(one(policy, 'disabledValue'), 'decimal'),
            ].map(({ attributes }) => dword(attributes['value']))
          : element.name === 'enum'
            ? all(element, 'string').map(({ text }) => `REG_SZ    ${text}`)
            : element.name === 'decimal'
              ? [element.attributes['minValue'], element.attributes['maxValue']].map(dword)
              : [`REG_SZ    ${String(example)}`];
      expect(written).not.toEqual([]);
      for (const line of written) {
        const contents = parseRegistry(
          'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Slate',
          `HKEY_LOCAL_MACHINE\\${key}\r\n    ${name}    ${line}\r\n`,
        );
        const { settings, refused } = parsePolicy('', contents);
        expect({ policyName, keys: Object.keys(settings), refused }).toEqual({
          policyName,
          keys: [name],
          refused: [],
        });
      }
    }
  });
});

/** The value of an element of a property list. */
function plistValue({ name, children, text }: Element): unknown {
  if (name === 'true' || name === 'false') return name === 'true';
  if (name === 'integer') return Number(text);
  if (name === 'string') return text;
  if (name === 'array') return children.map(plistValue);
  if (name !== 'dict') throw new Error(`<${name}> is not expected.`);
  const pairs = children.flatMap((child, at) => {
    const value = children[at + 1];
    return at % 2 === 0 && value ? [[child.text, plistValue(value)]] : [];
  });
  return Object.fromEntries(pairs) as object;
}

test('FP9 the examples for macOS and Linux have every setting, and Slate accepts them', () => {
  const [profile] = readXml(file('slate.mobileconfig')).children;
  if (!profile) throw new Error('The profile is empty.');
  const { PayloadContent, PayloadScope } = plistValue(profile) as {
    PayloadContent: Record<string, unknown>[];
    PayloadScope: string;
  };
  expect(PayloadScope).toBe('System');
  const [{ PayloadType, ...payload } = {}] = PayloadContent;
  expect(PayloadType).toBe('health.slate.console');
  const preferences = Object.fromEntries(
    Object.entries(payload).filter(([key]) => !key.startsWith('Payload')),
  );
  expect(preferences).toEqual(JSON.parse(file('policy.json')));
  const { settings, refused } = parsePolicy('', parseJsonPolicy('', Buffer.from(file('policy.json'))));
  expect(refused).toEqual([]);
  expect(Object.keys(settings).toSorted()).toEqual(policyNames.toSorted());
});

test('FP9 the schema for Linux knows the same settings', () => {
  const { properties } = JSON.parse(file('policy.schema.json')) as {
    properties: Record<string, { properties?: object }>;
  };
  const { Recommended, ...locked } = properties;
  expect(Object.keys(locked)).toEqual(policyNames);
  expect(Object.keys(Recommended?.properties ?? {})).toEqual(
    policyNames.filter((name) => policySettings[name].canRecommend),
  );
});
