/** The files that administrators need to set a policy, made from the table of settings. */
import { createHash } from 'node:crypto';
import { bundleId, places } from '../desktop/src/main/policy/read-policy.ts';
import { recommendedKey } from '../desktop/src/main/policy/parse-policy.ts';
import { policyNames, policySettings } from '../desktop/src/main/policy/policy-settings.ts';
import type { PolicyName, Setting } from '../desktop/src/main/policy/policy-settings.ts';

type Row = Setting & { name: PolicyName };
const rows = policyNames.map((name): Row => ({ ...policySettings[name], name }));
const recommendable = rows.filter(({ canRecommend }) => canRecommend);

/** Each file by its name in `docs/policy`. */
export const policyFiles = (): Record<string, string> => ({
  'README.md': readme(),
  'slate.admx': admx(),
  'en-US/slate.adml': adml(),
  'slate.mobileconfig': mobileconfig(),
  'policy.json': json(example),
  'policy.schema.json': json(schema()),
});

/** As the formatter writes it: a list of texts in one line. */
const json = (value: object) =>
  `${JSON.stringify(value, null, 2).replaceAll(/\[\s+("[^\]]*")\s+\]/g, (_list, texts: string) => `[${texts.replaceAll(/,\s+/g, ', ')}]`)}\n`;

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string) => text.replaceAll(/[&<>"]/g, (each) => entities[each] ?? each);

/** An XML element, with its children indented. */
function element(name: string, attributes: Record<string, string | number>, ...children: string[]): string {
  const head = [
    name,
    ...Object.entries(attributes).map(([key, value]) => `${key}="${escape(String(value))}"`),
  ].join(' ');
  if (children.length === 0) return `<${head} />`;
  const indented = children.join('\n').replaceAll(/^(?=.)/gm, '  ');
  return `<${head}>\n${indented}\n</${name}>`;
}
const textElement = (name: string, attributes: Record<string, string | number>, text: string) =>
  `${element(name, attributes).replace(/ \/>$/, '')}>${escape(text)}</${name}>`;

const xml = (...lines: string[]) => `${['<?xml version="1.0" encoding="utf-8"?>', ...lines].join('\n')}\n`;
const made = '<!-- Made by `npm run policy` from the table of settings. Do not edit. -->';

const space = 'http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions';
const definitionFile = { xmlns: space, revision: '1.0', schemaVersion: '1.0' };
const supported = 'SUPPORTED_SLATE_0_1';
const stringRef = (id: string) => `$(string.${id})`;
/** The last part of the key; `reg.exe` needs the hive before it, ADMX has the class instead. */
const registryKey = (places.win32?.kind === 'registry' ? places.win32.key : '').replace(
  /^HKEY_[A-Z_]+\\/,
  '',
);

const linuxFile = places.linux?.kind === 'json' ? places.linux.file : '';

/** The policies of the editor: each setting, and again those that can be recommended. */
const editorPolicies = [
  ...rows.map((row) => ({ row, id: row.name as string, category: 'Slate', key: registryKey })),
  ...recommendable.map((row) => ({
    row,
    id: `${row.name}_${recommendedKey}`,
    category: recommendedKey,
    key: `${registryKey}\\${recommendedKey}`,
  })),
];

function admx(): string {
  return xml(
    made,
    element(
      'policyDefinitions',
      definitionFile,
      element(
        'policyNamespaces',
        {},
        element('target', { prefix: 'slate', namespace: 'Slate.Policies.Slate' }),
      ),
      element('resources', { minRequiredRevision: '1.0' }),
      element(
        'supportedOn',
        {},
        element(
          'definitions',
          {},
          element('definition', { name: supported, displayName: stringRef(supported) }),
        ),
      ),
      element(
        'categories',
        {},
        element('category', { name: 'Slate', displayName: stringRef('Slate') }),
        element(
          'category',
          { name: recommendedKey, displayName: stringRef(recommendedKey) },
          element('parentCategory', { ref: 'Slate' }),
        ),
      ),
      element('policies', {}, ...editorPolicies.map(admxPolicy)),
    ),
  );
}

function admxPolicy({ row: { name, form }, id, category, key }: (typeof editorPolicies)[number]): string {
  const attributes = {
    name: id,
    class: 'Machine',
    displayName: stringRef(id),
    explainText: stringRef(`${id}_Explain`),
    key,
  };
  const place = [element('parentCategory', { ref: category }), element('supportedOn', { ref: supported })];
  if (form.type === 'switch') {
    return element(
      'policy',
      { ...attributes, valueName: name },
      ...place,
      element('enabledValue', {}, element('decimal', { value: 1 })),
      element('disabledValue', {}, element('decimal', { value: 0 })),
    );
  }
  const value = { id, valueName: name, required: 'true' };
  const input =
    form.type === 'number'
      ? element('decimal', { ...value, minValue: form.min, maxValue: form.max })
      : form.type === 'text'
        ? element('text', { ...value, maxLength: form.maxLength })
        : element(
            'enum',
            value,
            ...Object.keys(form.names).map((each) =>
              element(
                'item',
                { displayName: stringRef(choiceId(name, each)) },
                element('value', {}, textElement('string', {}, each)),
              ),
            ),
          );
  return element(
    'policy',
    { ...attributes, presentation: `$(presentation.${id})` },
    ...place,
    element('elements', {}, input),
  );
}

const choiceId = (name: PolicyName, value: string) => `${name}_${value.replaceAll('-', '_')}`;

function adml(): string {
  const strings: [id: string, text: string][] = [
    ['Slate', 'Slate'],
    [recommendedKey, 'Recommended: people can choose something else'],
    [supported, 'Slate 0.1 or newer'],
    ...rows.flatMap(({ name, form }) =>
      form.type === 'choice'
        ? Object.entries(form.names).map(([value, text]): [string, string] => [choiceId(name, value), text])
        : [],
    ),
    ...editorPolicies.flatMap(({ row, id }): [string, string][] => [
      [id, row.title],
      [`${id}_Explain`, `${row.description} Applies the next time Slate starts.`],
    ]),
  ];
  return xml(
    made,
    element(
      'policyDefinitionResources',
      definitionFile,
      textElement('displayName', {}, 'Slate'),
      textElement('description', {}, 'Settings of the Slate console on a workstation'),
      element(
        'resources',
        {},
        element('stringTable', {}, ...strings.map(([id, text]) => textElement('string', { id }, text))),
        element(
          'presentationTable',
          {},
          ...editorPolicies
            .filter(({ row }) => row.form.type !== 'switch')
            .map(({ row, id }) => element('presentation', { id }, presentationInput(row, id))),
        ),
      ),
    ),
  );
}

function presentationInput({ title, form, example }: Row, refId: string): string {
  if (form.type === 'number')
    return textElement('decimalTextBox', { refId, defaultValue: String(example) }, title);
  if (form.type === 'text') return element('textBox', { refId }, textElement('label', {}, title));
  return textElement('dropdownList', { refId, noSort: 'true', defaultItem: 0 }, title);
}

/** Every setting once, locked; and what can be recommended is. */
const example = {
  ...Object.fromEntries(rows.filter((row) => !row.canRecommend).map((row) => [row.name, row.example])),
  ServerAddress: policySettings.ServerAddress.example,
  [recommendedKey]: Object.fromEntries(
    recommendable.filter(({ name }) => name !== 'ServerAddress').map((row) => [row.name, row.example]),
  ),
};

function plistValue(value: unknown): string {
  if (typeof value === 'boolean') return value ? '<true />' : '<false />';
  if (typeof value === 'number') return `<integer>${value}</integer>`;
  if (typeof value === 'string') return `<string>${escape(value)}</string>`;
  if (Array.isArray(value)) return element('array', {}, ...value.map(plistValue));
  return element(
    'dict',
    {},
    ...Object.entries(value as object).flatMap(([key, each]) => [
      textElement('key', {}, key),
      plistValue(each),
    ]),
  );
}

/** An id that stays the same each time the file is made. */
const idFor = (text: string) => {
  const hash = createHash('sha256').update(text).digest('hex');
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`.toUpperCase();
};

function mobileconfig(): string {
  const payload = (PayloadType: string, identifier: string, more: object) => ({
    PayloadDisplayName: 'Slate',
    PayloadIdentifier: identifier,
    PayloadType,
    PayloadUUID: idFor(identifier),
    PayloadVersion: 1,
    ...more,
  });
  return xml(
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    made,
    element(
      'plist',
      { version: '1.0' },
      plistValue(
        payload('Configuration', `${bundleId}.profile`, {
          PayloadScope: 'System',
          PayloadContent: [payload(bundleId, `${bundleId}.policy`, example)],
        }),
      ),
    ),
  );
}

function schema(): object {
  const properties = (of: Row[]) =>
    Object.fromEntries(
      of.map((row) => [row.name, { title: row.title, description: row.description, ...jsonType(row) }]),
    );
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `The policy of a workstation, ${linuxFile}`,
    type: 'object',
    properties: {
      ...properties(rows),
      [recommendedKey]: {
        description: 'Settings that apply until a person chooses something else.',
        type: 'object',
        properties: properties(recommendable),
        additionalProperties: false,
      },
    },
    additionalProperties: false,
  };
}

function jsonType({ form, example: one }: Row): object {
  if (form.type === 'switch') return { type: 'boolean' };
  if (form.type === 'number') return { type: 'integer', minimum: form.min, maximum: form.max };
  if (form.type === 'choice') return { enum: Object.keys(form.names) };
  return { type: 'string', maxLength: form.maxLength, examples: [one] };
}

const inWords = ({ form, example: one }: Row) => {
  if (form.type === 'switch') return '`true` or `false` (registry: `1` or `0`)';
  if (form.type === 'number') return `a number from ${form.min} to ${form.max}`;
  if (form.type === 'choice')
    return Object.keys(form.names)
      .map((each) => `\`${each}\``)
      .join(', ');
  return `text, such as \`${String(one)}\``;
};

function readme(): string {
  const settings = rows.map(
    (row) =>
      `### ${row.name}\n\n${row.title}. ${row.description}\n\n- Value: ${inWords(row)}\n- Can be recommended: ${row.canRecommend ? 'yes' : 'no'}\n`,
  );
  return `<!-- Made by \`npm run policy\`. Do not edit. -->

# Policies for workstations

Administrators set up Slate on many workstations with a policy. Slate reads it when it starts, so a change applies at the next
start. A value that is wrong or unknown is not used; the others are. The log and Help → About Slate list what applies
and what was refused, and why.

- **Windows**: \`HKLM\\${registryKey}\`. Copy \`slate.admx\` and \`en-US/slate.adml\` to the central store (\`PolicyDefinitions\`).
- **macOS**: the managed preferences of \`${bundleId}\`. Change the values and UUIDs in \`slate.mobileconfig\` and install it with
  your MDM.
- **Linux**: \`${linuxFile}\`. Start with \`policy.json\`; \`policy.schema.json\` checks it.

A value is **locked**: nobody can change it at the workstation. A value under \`${recommendedKey}\` (a subkey of the
registry, a dictionary, an object) is **recommended**: it applies until a person chooses something else. If a setting has
both, it is locked.

On Linux and macOS, the file and its folder must belong to root, and nobody else may write there. On Windows, texts are
\`REG_SZ\` and numbers \`REG_DWORD\`.

No policy can turn off the checks of certificates, the sandbox or other protections.

## Settings

${settings.join('\n')}`;
}
