/** Breaks every wall on purpose: a lint rule that never fires protects nothing. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Each layer of the renderer is refused every higher one, even its types, and allowed the lower ones. */
function layerWalls(): typeof walls {
  const layers = [
    'ui',
    'words',
    'shell',
    'api',
    'stores',
    'preview',
    'board',
    'realtime',
    'commands',
    'services',
    'actions',
    'forms',
    'features',
  ];
  return layers.flatMap((lower, at) =>
    layers
      .slice(at + 1)
      .map((higher, nth): (typeof walls)[number] => [
        `desktop/src/renderer/src/${lower}/not-${higher}.ts`,
        `export type { X } from '../${higher}/x.ts';`,
        `export type { X } from '../${layers[Math.min(nth, at)] ?? lower}/x.ts';`,
      ]),
  );
}

/** [file, refused source, allowed source] */
const walls: [file: string, refused: string, allowed: string][] = [
  ['shared/src/a.ts', `import 'pg';`, `import 'zod';`],
  ['shared/src/b.ts', `import 'node:fs';`, `import 'temporal-polyfill';`],
  ['shared/src/c.ts', `import '../../server/src/domain/x.ts';`, `import './x.ts';`],
  ['shared/src/d.ts', `import 'zodiac';`, `import 'zod/mini';`],
  ['server/src/domain/a.ts', `import 'node:fs';`, `import '@slate/shared/fields';`],
  ['server/src/domain/b.ts', `import 'pg';`, `import '@slate/shared/time';`],
  ['server/src/domain/c.ts', `import '../db/pool.ts';`, `import './pool.ts';`],
  [
    'server/src/domain/d.ts',
    `export type { Pool } from '../db/pool.ts';`,
    `export type { Pool } from './pool.ts';`,
  ],
  ['server/src/domain/deep/a.ts', `import '../../db/pool.ts';`, `import '../pool.ts';`],
  ['server/src/limits.ts', `import './db/pool.ts';`, `import './domain/refusal.ts';`],
  ['server/src/commands/a.ts', `import 'express';`, `import 'zod';`],
  ['server/src/commands/b.ts', `import '../use-cases/cases/move-cases.ts';`, `import '../domain/ripple.ts';`],
  ['server/src/commands/c.ts', `import '../identity/tokens.ts';`, `import '../db/pool.ts';`],
  ['server/src/identity/a.ts', `import '../use-cases/people/members.ts';`, `import 'jose';`],
  [
    'server/src/identity/b.ts',
    `export type { Context } from '../commands/context.ts';`,
    `export type { TakeTokens } from '../limits.ts';`,
  ],
  ['server/src/identity/c.ts', `import 'node:fs';`, `import 'node:crypto';`],
  ['server/src/use-cases/new-folder/a.ts', `import '../../db/pool.ts';`, `import './b.ts';`],
  ['server/src/use-cases/cases/a.ts', `import 'express';`, `import 'zod';`],
  ['server/src/use-cases/cases/b.ts', `import 'socket.io';`, `import '../../domain/ripple.ts';`],
  ['server/src/use-cases/cases/c.ts', `import 'pg';`, `import '../../db/pool.ts';`],
  ['server/src/use-cases/cases/d.ts', `import '../../http/router.ts';`, `import 'node:crypto';`],
  ['server/src/use-cases/cases/e.ts', `import '../../realtime/relay.ts';`, `import '@slate/shared/fields';`],
  ['server/src/use-cases/cases/f.ts', `import '../../jobs/sweep.ts';`, `import './sweep.ts';`],
  ['server/src/use-cases/cases/g.ts', `import 'node:fs';`, `import 'zod';`],
  [
    'server/src/use-cases/cases/h.ts',
    `import '../catalogue/room.ts';`,
    `import '../../commands/command.ts';`,
  ],
  ['server/src/use-cases/catalogue/a.ts', `import '../people/member.ts';`, `import '../cases/bump-case.ts';`],
  [
    'server/src/use-cases/people/a.ts',
    `import '../cases/move-cases.ts';`,
    `import '../../identity/tokens.ts';`,
  ],
  ['server/src/use-cases/reads/a.ts', `import '../cases/move-cases.ts';`, `import 'lru-cache';`],
  [
    'server/src/use-cases/audit/a.ts',
    `import '../../identity/secrets.ts';`,
    `export type { Pseudonym } from '../../identity/secrets.ts';`,
  ],
  ['server/src/db/a.ts', `import '../domain/ripple.ts';`, `import 'pg';`],
  ['server/src/db/b.ts', `import 'express';`, `import 'node:crypto';`],
  ['server/src/http/a.ts', `import 'pg';`, `import 'express';`],
  ['server/src/http/b.ts', `import '../db/pool.ts';`, `export type { Pool } from '../db/pool.ts';`],
  ['server/src/http/c.ts', `import '../jobs/ripple.ts';`, `import '../use-cases/cases/hold-slot.ts';`],
  ['server/src/http/d.ts', `import '../realtime/relay.ts';`, `import './errors.ts';`],
  ['server/src/http/routes/a.ts', `import '../../db/pool.ts';`, `import '../../realtime/read-changes.ts';`],
  ['server/src/realtime/a.ts', `import 'express';`, `import 'socket.io';`],
  ['server/src/realtime/b.ts', `import '../db/pool.ts';`, `import './read-changes.ts';`],
  ['server/src/realtime/c.ts', `import '../commands/command.ts';`, `import '../db/changes.sql.ts';`],
  [
    'server/src/realtime/d.ts',
    `import '../use-cases/audit/record-reads.ts';`,
    `export type { ReadRecorder } from '../use-cases/audit/record-reads.ts';`,
  ],
  ['server/src/jobs/a.ts', `import 'pg';`, `import '../use-cases/cases/release-expired-holds.ts';`],
  ['server/src/jobs/b.ts', `import 'socket.io';`, `import 'node:timers/promises';`],
  ['server/src/http/e.ts', `import '../main.ts';`, `import './main-menu.ts';`],
  ['server/bench/a.ts', `import '../src/main.ts';`, `import '../src/domain/ripple.ts';`],
  ['server/bench/b.ts', `import '../src/db/migrate-cli.ts';`, `import '../src/db/migrate.ts';`],
  ['desktop/src/renderer/src/a.ts', `import 'electron';`, `import '@slate/shared/fields';`],
  ['desktop/src/renderer/src/b.ts', `import 'node:fs';`, `import './stores/board.ts';`],
  [
    'desktop/src/renderer/src/c.ts',
    `import '../../bridge.ts';`,
    `export type { Bridge } from '../../bridge.ts';`,
  ],
  ['desktop/src/renderer/src/d.ts', `import '../../main/window.ts';`, `import './window.ts';`],
  ...layerWalls(),
  ['desktop/src/renderer/src/words/a.ts', `import 'react';`, `import './time.ts';`],
  ['desktop/src/renderer/src/api/a.ts', `import 'zustand';`, `import 'axios';`],
  ['desktop/src/renderer/src/commands/a.ts', `import 'axios';`, `import '../api/client.ts';`],
  [
    'desktop/src/renderer/src/services/a.ts',
    `import '../realtime/write-board.ts';`,
    `import '../realtime/current-feed.ts';`,
  ],
  [
    'desktop/src/renderer/src/stores/a.ts',
    `export type { Bridge } from '../../../bridge.ts';`,
    `import '../shell/shell.ts';`,
  ],
  ['desktop/src/renderer/src/ui/b.ts', `import 'electron';`, `import 'react';`],
  [
    'desktop/src/renderer/src/shell/a.ts',
    `import '../../../main/desks.ts';`,
    `import '../../../desk/desk-store.ts';`,
  ],
  ['desktop/src/desk/a.ts', `import 'node:fs';`, `import '../refused.ts';`],
  ['desktop/src/desk/b.ts', `import '../main/disk.ts';`, `export type { Desk } from '../bridge.ts';`],
  ['desktop/src/refused.ts', `import './bridge.ts';`, `export class Refused extends Error {}`],
  [
    'desktop/src/preload/b.ts',
    `export { requests } from '../bridge.ts';`,
    `export type { Bridge } from '../bridge.ts';`,
  ],
  [
    'desktop/src/main/a.ts',
    `import { ipcMain } from 'electron'; ipcMain.on('x');`,
    `export { app } from 'electron';`,
  ],
  [
    'desktop/src/preload/a.ts',
    `import { ipcRenderer } from 'electron'; ipcRenderer.send('x');`,
    `import 'electron';`,
  ],
  [
    'desktop/src/main/b.ts',
    `import * as electron from 'electron'; electron.ipcMain.on('x');`,
    `import './ipc.ts';`,
  ],
];

const otherRules: typeof walls = [
  ['server/src/rules/any.ts', `export const x = (y: any) => y.z;`, `export const x = (y: unknown) => y;`],
  ['server/src/rules/barrel.ts', `export * from './x.ts';`, `export const x = 1;`],
  ['server/src/rules/floating.ts', `Promise.resolve(1);`, `await Promise.resolve(1);\nexport const x = 1;`],
  ['server/src/rules/unused.ts', `const x = 1;\nexport {};`, `export const x = 1;`],
];

const everything = [...walls, ...otherRules];
const files = everything.map(([file]) => file);
const folders: string[] = [];
const found = { refused: new Map<string, string[]>(), allowed: new Map<string, string[]>() };

/** Lints a tree with the project's own configuration. Returns the rules broken in each file. */
function lint(sources: [file: string, source: string][]): Map<string, string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'slate-walls-'));
  folders.push(folder);
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const file of ['.oxlintrc.json', 'tsconfig.base.json', 'scripts/walls.ts'])
    cpSync(join(root, file), join(folder, file));
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: './tsconfig.base.json', include: ['server', 'shared', 'desktop'] }),
  );
  for (const [file, source] of sources) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    writeFileSync(join(folder, file), `${source}\n`);
  }
  const { stdout } = spawnSync(
    process.execPath,
    ['node_modules/oxlint/bin/oxlint', '--type-aware', '--format=json', 'server', 'shared', 'desktop'],
    { cwd: folder, encoding: 'utf8' },
  );
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { filename: string; code: string }[] };
  const rules = new Map<string, string[]>();
  for (const { filename, code } of diagnostics) rules.set(filename, [...(rules.get(filename) ?? []), code]);
  return rules;
}

beforeAll(() => {
  found.refused = lint(everything.map(([file, refused]) => [file, refused]));
  found.allowed = lint(everything.map(([file, , allowed]) => [file, allowed]));
});

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

test('each wall is broken in a file of its own', () => {
  expect(files.length).toBe(new Set(files).size);
});

test.each(walls)('%s refuses %s', (file) => {
  expect(found.refused.get(file)).toContain('slate(walls)');
});

test.each([
  ['any', 'typescript(no-explicit-any)'],
  ['barrel', 'oxc(no-barrel-file)'],
  ['floating', 'typescript(no-floating-promises)'],
  ['unused', 'eslint(no-unused-vars)'],
])('the linter refuses %s', (name, rule) => {
  expect(found.refused.get(`server/src/rules/${name}.ts`)).toContain(rule);
});

test('the linter passes every allowed source', () => {
  expect([...found.allowed].filter(([, rules]) => !rules.every((rule) => rule.startsWith('import')))).toEqual(
    [],
  );
});

test('only the two IPC files may import the IPC modules', () => {
  const ipc = lint([
    ['desktop/src/main/ipc.ts', `import { ipcMain } from 'electron'; ipcMain.on('x');`],
    ['desktop/src/preload/index.ts', `import { ipcRenderer } from 'electron'; ipcRenderer.send('x');`],
  ]);
  expect([...ipc.values()].flat()).not.toContain('slate(walls)');
});

test('the linter refuses a circle of imports, even one of types alone and one through another folder', () => {
  const circles = lint([
    ['server/src/db/a.ts', `import type { B } from '../domain/b.ts';\nexport type A = B;`],
    ['server/src/domain/b.ts', `import type { C } from './deep/c.ts';\nexport type B = C;`],
    ['server/src/domain/deep/c.ts', `import type { A } from '../../db/a.ts';\nexport type C = A[];`],
    ['server/src/domain/d.ts', `import type { C } from './deep/c.ts';\nexport type D = C;`],
  ]);
  const inCircle = [...circles].filter(([, rules]) => rules.includes('import(no-cycle)'));
  expect(inCircle.map(([file]) => file).toSorted()).toEqual([
    'server/src/db/a.ts',
    'server/src/domain/b.ts',
    'server/src/domain/deep/c.ts',
  ]);
});
