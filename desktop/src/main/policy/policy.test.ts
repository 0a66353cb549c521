import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { ownFolder, recordingLog } from '../../../test/on-disk.ts';
import { parseJsonPolicy } from './parse-json.ts';
import { parseRegistry } from './parse-registry.ts';
import { describePolicy, parsePolicy } from './parse-policy.ts';
import { policyNames, policySettings } from './policy-settings.ts';
import { bundleId, maxBytes, places, readPolicy } from './read-policy.ts';
import type { Place, Run } from './read-policy.ts';

const siteId = '0197a6b2-5a3c-7c0e-9f41-2b7d6e8c1a56';
const allSettings = {
  ServerAddress: 'https://slate.example.org',
  Site: siteId,
  Language: 'en-US',
  IdleMinutes: 5,
  HoldTime: 'end',
  WallBoard: false,
  UpdateChannel: 'stable',
  UpdateMode: 'announce',
};
const locked = (values: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value, isLocked: true }]));

const parseJson = (text: string | Buffer) =>
  parsePolicy('a file', parseJsonPolicy('a file', Buffer.from(text)));
const parse = (document: unknown) => parseJson(JSON.stringify(document));

describe('a policy', () => {
  test('FP1 sets every setting of the table', () => {
    expect(parse(allSettings)).toEqual({ source: 'a file', settings: locked(allSettings), refused: [] });
    expect(Object.keys(allSettings)).toEqual(policyNames);
  });

  test('FP1 has an example for every setting, and each example is valid', () => {
    for (const { schema, example, title, description } of Object.values(policySettings)) {
      expect(schema.parse(example)).toBe(example);
      expect(title).toMatch(/^[A-Z].*[^.]$/);
      expect(description).toMatch(/^[A-Z].*\.$/);
    }
  });

  test('FP2 recommends settings, and locks a setting that is both locked and recommended', () => {
    const recommended = { ServerAddress: 'https://other.example.org', Site: siteId, IdleMinutes: 20 };
    const { settings, refused } = parse({ IdleMinutes: 5, Recommended: recommended });
    expect(refused).toEqual([]);
    expect(settings).toEqual({
      ServerAddress: { value: 'https://other.example.org', isLocked: false },
      Site: { value: siteId, isLocked: false },
      IdleMinutes: { value: 5, isLocked: true },
    });
  });

  test('FP2 cannot recommend a setting that nobody can change at the workstation', () => {
    const { settings, refused } = parse({ Recommended: { UpdateMode: 'off', WallBoard: true } });
    expect(settings).toEqual({});
    expect(refused.map(({ name, why }) => [name, /can’t be under Recommended/.test(why)])).toEqual([
      ['UpdateMode', true],
      ['WallBoard', true],
    ]);
  });

  test.each([
    ['ServerAddress', 'http://slate.example.org', 'Must begin with https://'],
    ['ServerAddress', 'https://kraus:secret@slate.example.org', 'Must not contain a name or password.'],
    ['ServerAddress', 'slate.example.org', 'Must be an address'],
    ['ServerAddress', 'https://slate.example.org\u0000.evil.example', 'Must be an address'],
    ['ServerAddress', `https://${'a'.repeat(300)}.example.org`, 'Must have at most 300 characters.'],
    ['ServerAddress', 7, 'Must be text.'],
    ['ServerAddress', null, 'Must be text.'],
    ['Site', 'North', 'Must be a UUID.'],
    ['Language', 'de-DE', 'Must be one of these: en, en-US.'],
    ['IdleMinutes', 0, 'Must be a whole number from 1 to 60.'],
    ['IdleMinutes', 61, 'Must be a whole number from 1 to 60.'],
    ['IdleMinutes', 1.5, 'Must be a whole number from 1 to 60.'],
    ['IdleMinutes', '5', 'Must be a whole number from 1 to 60.'],
    ['IdleMinutes', 4_294_967_295, 'Must be a whole number from 1 to 60.'],
    ['HoldTime', 'never', 'Must be one of these: countdown, end.'],
    ['WallBoard', 'true', 'Must be true or false'],
    ['WallBoard', 2, 'Must be true or false'],
    ['UpdateChannel', '../beta', 'Must be lower-case letters'],
    ['UpdateChannel', '', 'Must be lower-case letters'],
    ['UpdateMode', 'Automatic', 'Must be one of these: automatic, announce, off.'],
    ['UpdateMode', ['off'], 'Must be one of these'],
    ['serverAddress', 'https://slate.example.org', 'Slate has no such setting.'],
    ['__proto__', { WallBoard: true }, 'Slate has no such setting.'],
    ['constructor', 1, 'Slate has no such setting.'],
  ])('FP3 refuses %s %j and applies the rest', (name, value, why) => {
    const others: Record<string, unknown> = { ...allSettings };
    delete others[name];
    const document = `{${JSON.stringify(name)}:${JSON.stringify(value)},${JSON.stringify(others).slice(1)}`;
    const { settings, refused } = parseJson(document);
    expect(refused).toEqual([{ name, why: expect.stringContaining(why) as string }]);
    expect(settings).toEqual(locked(others));
  });

  test.each([
    ['IgnoreCertificateErrors', true],
    ['CertificatePins', []],
    ['Sandbox', false],
    ['NoSandbox', true],
    ['WebSecurity', false],
    ['ContentSecurityPolicy', ''],
    ['DeveloperTools', true],
    ['RemoteDebuggingPort', 9222],
    ['CommandLine', '--no-sandbox'],
    ['Proxy', 'http://127.0.0.1:8080'],
    ['UpdateUrl', 'https://evil.example'],
    ['UpdateKey', 'AAAA'],
  ])('FP4 has no setting that weakens the program: %s', (name, value) => {
    expect(parse({ [name]: value, Recommended: { [name]: value } })).toMatchObject({
      settings: {},
      refused: [{ name }, { name }],
    });
  });

  test('FP5 is described in the words of the table', () => {
    expect(describePolicy(parse({ WallBoard: 1, UpdateMode: 'announce', Nonsense: 1 }))).toEqual({
      source: 'a file',
      settings: [
        { name: 'WallBoard', title: 'Wall board', value: 'On', isLocked: true },
        { name: 'UpdateMode', title: 'Updates', value: 'Announce only', isLocked: true },
      ],
      refused: [{ name: 'Nonsense', why: 'Slate has no such setting.' }],
    });
  });

  test('FP3 reports the names of a damaged policy in printable text of limited length', () => {
    const many = Object.fromEntries(
      Array.from({ length: 500 }, (_, at) => [`\u202E\u0007${'x'.repeat(200)}${at}`, 1]),
    );
    const { refused } = parse(many);
    expect(refused).toHaveLength(50);
    for (const { name } of refused) expect(name).toMatch(/^[\x20-\x7e]{1,80}$/);
  });
});

describe('FP6 the file of a policy', () => {
  test.each<[string, string | Buffer, RegExp]>([
    ['is empty', '', /valid JSON/],
    ['is cut off', '{"IdleMinutes": 5, "Site', /valid JSON/],
    ['has a comment', '{/* five */ "IdleMinutes": 5}', /valid JSON/],
    ['has a NUL', '{"IdleMinutes": 5}\0', /valid JSON/],
    ['is in UTF-16', Buffer.from('\uFEFF{"IdleMinutes": 5}', 'utf16le'), /valid JSON/],
    ['has a byte that is not UTF-8', Buffer.from('{"IdleMinutes":5,"X":"\xff"}', 'latin1'), /valid JSON/],
    ['is a list', '[{"IdleMinutes": 5}]', /JSON object/],
    ['is a number', '5', /JSON object/],
    ['is null', 'null', /JSON object/],
  ])('that %s is refused entirely', (_how, text, why) => {
    const { settings, refused } = parseJson(text);
    expect(settings).toEqual({});
    expect(refused).toEqual([{ name: 'a file', why: expect.stringMatching(why) as string }]);
  });

  test('may begin with a byte order mark', () => {
    expect(parseJson('\uFEFF{"IdleMinutes": 5}')).toMatchObject({
      settings: { IdleMinutes: { value: 5 } },
      refused: [],
    });
  });

  test('that has a setting twice does not use it', () => {
    const text = '{"IdleMinutes": 5, "WallBoard": true, "Idle\\u004dinutes": 60}';
    const { settings, refused } = parseJson(text);
    expect(settings).toEqual({ WallBoard: { value: true, isLocked: true } });
    expect(refused).toEqual([{ name: 'IdleMinutes', why: 'It appears more than once, so it isn’t used.' }]);
  });

  test('may lock and recommend the same setting, and contain text that looks like keys', () => {
    const text = '{"UpdateChannel": "beta", "X": "{\\"X\\":1}", "Recommended": {"HoldTime": "end"}}';
    expect(parseJson(text).refused.map(({ name }) => name)).toEqual(['X']);
    expect(parseJson('{"IdleMinutes":5,"Recommended":{"IdleMinutes":6}}').refused).toEqual([]);
  });

  test('with an invalid Recommended keeps its locked settings', () => {
    expect(parse({ IdleMinutes: 5, Recommended: ['IdleMinutes'] })).toMatchObject({
      settings: { IdleMinutes: { value: 5, isLocked: true } },
      refused: [{ name: 'Recommended' }],
    });
  });
});

const key = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Slate';
const lines = (...all: string[]) => `\r\n${all.join('\r\n')}\r\n\r\n`;

describe('FP7 the registry', () => {
  /** As `reg.exe query … /s` of Windows prints it. */
  const output =
    lines(
      key,
      '    ServerAddress    REG_SZ    https://slate.example.org',
      '    wallboard    REG_DWORD    0x1',
      '    UpdateMode    REG_SZ    off',
    ) + lines(`${key}\\Recommended`, '    IdleMinutes    REG_DWORD    0xa');

  test('has texts and numbers, and names without case', () => {
    expect(parsePolicy(key, parseRegistry(key, output))).toEqual({
      source: key,
      settings: {
        ServerAddress: { value: 'https://slate.example.org', isLocked: true },
        WallBoard: { value: true, isLocked: true },
        UpdateMode: { value: 'off', isLocked: true },
        IdleMinutes: { value: 10, isLocked: false },
      },
      refused: [],
    });
  });

  test('is read in any case of its key', () => {
    const { entries } = parseRegistry(key, output.replaceAll('SOFTWARE', 'Software'));
    expect(entries).toHaveLength(4);
  });

  test.each([
    ['IdleMinutes', '    IdleMinutes    REG_SZ    10', 'Must be a whole number'],
    ['IdleMinutes', '    IdleMinutes    REG_QWORD    0xa', 'Must be REG_SZ or REG_DWORD, not REG_QWORD.'],
    ['IdleMinutes', '    IdleMinutes    REG_BINARY    0A', 'not REG_BINARY'],
    ['UpdateMode', '    UpdateMode    REG_MULTI_SZ    off\\0automatic', 'not REG_MULTI_SZ'],
    ['ServerAddress', '    ServerAddress    REG_EXPAND_SZ    %EVIL%', 'not REG_EXPAND_SZ'],
    ['ServerAddress', '    ServerAddress    REG_SZ    ', 'Must be an address'],
    ['ServerAddress', '    ServerAddress    REG_SZ', 'Must be an address'],
    ['IdleMinutes', '    IdleMinutes    REG_DWORD    ', 'Must be a whole number'],
    ['(Standard)', '    (Standard)    REG_SZ    x', 'Slate has no such setting.'],
    ['of two lines', 'of two lines', 'can’t be read'],
    [
      `${key}\\Extensions`,
      lines(`${key}\\Extensions`, '    WallBoard    REG_DWORD    0x1'),
      'under this key',
    ],
  ])('refuses %s: %j', (name, line, why) => {
    const text = `${lines(key, '    HoldTime    REG_SZ    end')}${line}\r\n`;
    const { settings, refused } = parsePolicy(key, parseRegistry(key, text));
    expect(settings).toEqual({ HoldTime: { value: 'end', isLocked: true } });
    expect(refused).toEqual([{ name, why: expect.stringContaining(why) as string }]);
  });

  const place: Place = { kind: 'registry', key };
  const parent = lines(
    'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft',
    'HKEY_LOCAL_MACHINE\\Software\\Policies\\Slate',
  );

  test('is read by the program of the system, with the whole key', () => {
    const run = vi.fn<Run>((_program, args) => Buffer.from(args.includes('/s') ? output : parent));
    expect(readPolicy(place, recordingLog(), run).source).toBe(key);
    expect(run.mock.calls).toEqual([
      ['C:\\Windows\\System32\\reg.exe', ['query', 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies', '/reg:64']],
      ['C:\\Windows\\System32\\reg.exe', ['query', key, '/s', '/reg:64']],
    ]);
  });

  test('without the key is no policy', () => {
    const run = vi.fn<Run>(() => Buffer.from(parent.replace('Slate', 'Slate Tools')));
    const log = recordingLog();
    expect(readPolicy(place, log, run)).toEqual({ source: null, settings: {}, refused: [] });
    expect(run).toHaveBeenCalledOnce();
    expect(log.info).not.toHaveBeenCalled();
  });

  test('that cannot be read is reported, and nothing applies', () => {
    const run: Run = (_program, args) => {
      if (args.includes('/s')) throw new Error('ETIMEDOUT');
      return Buffer.from(parent);
    };
    const log = recordingLog();
    expect(readPolicy(place, log, run)).toMatchObject({
      source: key,
      settings: {},
      refused: [{ name: key }],
    });
    expect(log.warn).toHaveBeenCalledOnce();
  });
});

describe('FP8 a file is used only if nobody but its owners can change it', () => {
  const own = ownFolder();
  const me = process.getuid?.() ?? 0;
  let file: string;
  let place: Place & { kind: 'json' };
  beforeEach(() => {
    const folder = join(own.path, 'slate');
    mkdirSync(folder, { mode: 0o755 });
    file = join(folder, 'policy.json');
    place = { kind: 'json', file, owners: [me] };
  });
  const write = (contents = '{"IdleMinutes": 5}', mode = 0o644) => {
    writeFileSync(file, contents);
    chmodSync(file, mode);
  };
  const readFile = (from: Place = place) => readPolicy(from, recordingLog());
  const refusalOf = (why: string) => ({
    source: file,
    settings: {},
    refused: [{ name: file, why: expect.stringContaining(why) as string }],
  });

  test('a protected file applies', () => {
    write();
    expect(readFile()).toEqual({ source: file, settings: locked({ IdleMinutes: 5 }), refused: [] });
  });

  test('without a file there is no policy', () => {
    expect(readFile()).toEqual({ source: null, settings: {}, refused: [] });
    expect(readFile({ ...place, file: join(file, 'deeper') })).toMatchObject({ source: null });
  });

  test.each([0o664, 0o646, 0o666])('not with the mode %o', (mode) => {
    write(undefined, mode);
    expect(readFile()).toEqual(refusalOf('Users other than root can change it'));
  });

  test('not in a folder where others can write', () => {
    write();
    chmodSync(join(file, '..'), 0o777);
    expect(readFile()).toEqual(refusalOf('Users other than root can change it'));
  });

  test('not if somebody else owns it', () => {
    write();
    expect(readFile({ ...place, owners: [me + 1] })).toEqual(
      refusalOf('Users other than root can change it'),
    );
  });

  test('not as a symbolic link', () => {
    const elsewhere = join(own.path, 'elsewhere.json');
    writeFileSync(elsewhere, '{"IdleMinutes": 5}');
    symlinkSync(elsewhere, file);
    expect(readFile()).toEqual(refusalOf('It is a symbolic link.'));
  });

  test('not as a folder or a pipe', () => {
    mkdirSync(file);
    expect(readFile()).toEqual(refusalOf('It isn’t a file.'));
    const pipe = join(file, 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect(readFile({ ...place, file: pipe })).toMatchObject({ refused: [{ why: 'It isn’t a file.' }] });
  });

  test('not if it is too long', () => {
    write(`{"IdleMinutes": 5}${' '.repeat(maxBytes)}`);
    expect(readFile()).toEqual(refusalOf(`longer than ${maxBytes} bytes`));
  });

  test('the log names the settings that apply and those that are refused', () => {
    write('{"IdleMinutes": 5, "WallBoard": "on"}');
    const log = recordingLog();
    readPolicy(place, log);
    expect(log.info.mock.calls).toEqual([[`Policy of ${file}: IdleMinutes.`]]);
    expect(log.warn.mock.calls).toEqual([
      ['Refused the policy WallBoard: Must be true or false (in the registry: 1 or 0).'],
    ]);
  });

  describe('of macOS', () => {
    const plist = () => ({ ...place, kind: 'plist' as const });

    test('is converted by the program of the system', () => {
      write('<plist/>');
      const converted = {
        IdleMinutes: 5,
        WallBoard: true,
        PayloadUUID: 'A',
        Recommended: { HoldTime: 'end' },
      };
      const run = vi.fn<Run>(() => Buffer.from(JSON.stringify(converted)));
      expect(readPolicy(plist(), recordingLog(), run)).toEqual({
        source: file,
        settings: {
          ...locked({ IdleMinutes: 5, WallBoard: true }),
          HoldTime: { value: 'end', isLocked: false },
        },
        refused: [],
      });
      expect(run).toHaveBeenCalledExactlyOnceWith(
        '/usr/bin/plutil',
        ['-convert', 'json', '-o', '-', '--', '-'],
        Buffer.from('<plist/>'),
      );
    });

    test('that cannot be converted is refused', () => {
      write('bplist00 damaged');
      const run: Run = () => {
        throw new Error('exit 1');
      };
      expect(readPolicy(plist(), recordingLog(), run)).toEqual(refusalOf('plutil can’t convert it'));
    });

    test.skipIf(process.platform === 'darwin')('without that program is refused', () => {
      write('<plist/>');
      expect(readFile(plist())).toEqual(refusalOf('plutil can’t convert it'));
    });
  });

  test('the places are fixed, and other systems have no policy', () => {
    expect(places).toEqual({
      win32: { kind: 'registry', key },
      darwin: {
        kind: 'plist',
        file: '/Library/Managed Preferences/health.slate.console.plist',
        owners: [0],
      },
      linux: { kind: 'json', file: '/etc/slate/policy.json', owners: [0] },
    });
    expect(readPolicy(places.freebsd, recordingLog()).source).toBeNull();
    const packages = readFileSync(join(import.meta.dirname, '../../../../electron-builder.yml'), 'utf8');
    expect(packages).toContain(`\nappId: ${bundleId}\n`);
  });
});
