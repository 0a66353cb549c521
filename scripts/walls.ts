/**
 * A lint rule for the walls between the parts of the program: a file's folder decides what it may import. Anything not
 * listed here is refused. Tests may import anything except a program.
 */
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RuleTester } from 'oxlint/plugins-dev';

interface Wall {
  /** Folders or files of the repository; the longest that fits a file is its wall. */
  inside: string;
  /** Packages (`node:` for all of Node's), and folders or files of the repository. */
  may: string[];
  /** The same, but only their types. */
  mayType?: string[];
}

const words = ['@slate/shared', 'zod'];

const httpPackages = ['express', 'helmet', 'jose', 'lru-cache', 'pino', 'prom-client', 'swagger-ui-dist'];

const kit = ['react', 'react-dom', '@mantine', '@tanstack', '@fontsource-variable/inter', 'dayjs'];

const useCase = [...words, 'node:crypto', 'server/src/commands', 'server/src/db', 'server/src/domain'];

const renderer = 'desktop/src/renderer/src';

/** The layers of the renderer, lowest first. Each imports the layers before it, what is shared, and its packages. */
const layers: [layer: string, packages: string[]][] = [
  // Controls without knowledge of the product.
  ['ui', kit],
  // Pure: tested without a screen.
  ['words', []],
  ['shell', ['zod', 'desktop/src/desk', 'desktop/src/refused.ts']],
  ['api', ['axios', 'zod']],
  ['stores', ['react', 'zod', 'zustand']],
  ['preview', []],
  ['board', ['react', 'temporal-polyfill']],
  ['realtime', ['socket.io-client', 'zustand']],
  ['commands', []],
  ['services', []],
  ['actions', ['temporal-polyfill']],
  ['forms', [...kit, 'zustand']],
  ['features', [...kit, 'zustand']],
];

const layerWalls = layers.map(([layer, packages], at): Wall => ({
  inside: `${renderer}/${layer}`,
  may: ['@slate/shared', ...packages, ...layers.slice(0, at).map(([lower]) => `${renderer}/${lower}`)],
  mayType: layer === 'shell' ? ['desktop/src/bridge.ts'] : [],
}));

const walls: Wall[] = [
  { inside: 'shared/src', may: ['zod', 'temporal-polyfill'] },
  { inside: 'server/src/domain', may: ['@slate/shared'] },
  { inside: 'server/src/db', may: [...words, 'pg', 'node:'] },
  {
    inside: 'server/src/limits.ts',
    may: ['lru-cache', 'server/src/domain'],
    mayType: ['server/src/config.ts'],
  },
  // The engine that every command runs in. It imports none of them.
  {
    inside: 'server/src/commands',
    may: [...words, 'lru-cache', 'server/src/limit-concurrency.ts', 'server/src/db', 'server/src/domain'],
  },
  {
    inside: 'server/src/identity',
    may: [
      ...words,
      '@zxcvbn-ts/language-common',
      'jose',
      'lru-cache',
      'node:crypto',
      'server/src/limit-concurrency.ts',
      'server/src/db',
      'server/src/domain',
    ],
    mayType: ['server/src/limits.ts'],
  },
  // A folder of use cases has a line of its own here. It imports another one only if that is named.
  { inside: 'server/src/use-cases', may: [] },
  { inside: 'server/src/use-cases/cases', may: useCase },
  // Closing or cutting a resource bumps cases.
  { inside: 'server/src/use-cases/catalogue', may: [...useCase, 'server/src/use-cases/cases'] },
  // Lines of files become what the commands on cases and the catalogue make.
  {
    inside: 'server/src/use-cases/imports',
    may: [
      ...useCase,
      'node:timers/promises',
      'server/src/import-files',
      'server/src/use-cases/cases',
      'server/src/use-cases/catalogue',
    ],
  },
  // Parsers of uploaded files, in a thread of their own.
  {
    inside: 'server/src/import-files',
    may: ['@slate/shared', 'node:', 'sax', 'yauzl', 'server/src/limit-concurrency.ts'],
  },
  { inside: 'server/src/use-cases/people', may: [...useCase, 'server/src/identity'] },
  { inside: 'server/src/use-cases/reads', may: [...useCase, 'lru-cache'] },
  // A whole site: exported, imported, and the demo hospital.
  {
    inside: 'server/src/use-cases/transfer',
    may: [...useCase, 'node:timers/promises', 'server/src/seed', 'server/src/use-cases/reads'],
  },
  { inside: 'server/src/use-cases/audit', may: useCase, mayType: ['server/src/identity'] },
  {
    inside: 'server/src/http',
    may: [
      ...words,
      ...httpPackages,
      'node:',
      'server/src/commands',
      'server/src/db/failures.ts',
      'server/src/domain',
      'server/src/identity',
      'server/src/limits.ts',
      'server/src/realtime/read-changes.ts',
      'server/src/use-cases',
    ],
    mayType: ['server/src/config.ts', 'server/src/db'],
  },
  {
    inside: 'server/src/realtime',
    may: [
      ...words,
      'lru-cache',
      'node:',
      'pino',
      'socket.io',
      'server/src/db/changes.sql.ts',
      'server/src/db/query.ts',
      'server/src/domain',
      'server/src/every.ts',
      'server/src/identity/authority.ts',
      'server/src/limits.ts',
    ],
    mayType: ['server/src/db', 'server/src/use-cases/audit'],
  },
  {
    inside: 'server/src/jobs',
    may: [
      ...words,
      'node:',
      'pino',
      'server/src/commands',
      'server/src/every.ts',
      'server/src/identity',
      'server/src/use-cases',
    ],
    mayType: ['server/src/db'],
  },
  { inside: 'desktop/src/bridge.ts', may: [...words] },
  { inside: 'desktop/src/refused.ts', may: [] },
  // For the desktop program and the browser, so it uses neither.
  {
    inside: 'desktop/src/desk',
    may: [...words, 'desktop/src/refused.ts'],
    mayType: ['desktop/src/bridge.ts'],
  },
  {
    inside: 'desktop/src/main',
    may: [
      ...words,
      'node:',
      'electron',
      'hash-wasm',
      'desktop/src/bridge.ts',
      'desktop/src/desk',
      'desktop/src/refused.ts',
    ],
  },
  // Its imports are loaded with every page, so it imports only the types of the contract.
  { inside: 'desktop/src/preload', may: ['electron'], mayType: ['desktop/src/bridge.ts'] },
  // `main.tsx` puts the layers together.
  { inside: 'desktop/src/renderer', may: [...words, ...kit], mayType: ['desktop/src/bridge.ts'] },
  ...layerWalls,
];

/** Each of these exports of `electron` has one importer. */
const ipc = new Map([
  ['ipcMain', 'desktop/src/main/ipc.ts'],
  ['ipcRenderer', 'desktop/src/preload/index.ts'],
]);

/** Modules with one writer: other folders may not import them. */
const writers = [
  {
    of: `${renderer}/realtime/write-board.ts`,
    inside: renderer,
    may: `${renderer}/realtime`,
  },
];

/** Programs wire the parts together; no file imports a program. */
const program = /(^|\/)(main|worker|[\w-]+-cli)\.tsx?$/;

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const isWithin = (path: string, place: string): boolean =>
  path === place || path.startsWith(place.endsWith(':') ? place : `${place}/`);

interface Import {
  from: string;
  onlyTypes?: boolean;
  /** The imported names; `*`: all. */
  names?: string[];
}

/** Returns why an import is refused; undefined if it is allowed. */
export function refusal(file: string, { from, onlyTypes = false, names = [] }: Import): string | undefined {
  const target = from.startsWith('.') ? join(dirname(file), from).split(sep).join('/') : from;
  if (from.startsWith('.') && program.test(target))
    return `${target} is a program: move what you need out of it.`;

  if (target === 'electron') {
    if (names.includes('*')) return 'Import named exports of electron.';
    const name = names.find((each) => ipc.has(each) && ipc.get(each) !== file);
    if (name !== undefined) return `Only ${ipc.get(name)} imports ${name}: go through it.`;
  }

  if (/\.test\.tsx?$/.test(file)) return undefined;
  const writer = writers.find(({ of, inside }) => of === target && isWithin(file, inside));
  if (writer && !isWithin(file, writer.may)) return `Only ${writer.may} imports ${target}.`;
  const wall = walls.findLast(({ inside }) => isWithin(file, inside));
  if (!wall) return undefined;
  const allowed = [wall.inside, ...wall.may, ...(onlyTypes ? (wall.mayType ?? []) : [])];
  if (allowed.some((place) => isWithin(target, place))) return undefined;
  if (wall.mayType?.some((place) => isWithin(target, place)))
    return `${wall.inside} imports only types of ${target}.`;
  return `${wall.inside} imports only ${wall.may.join(', ')}; not ${target}.`;
}

const rule: Parameters<RuleTester['run']>[1] = {
  create(context) {
    const file = relative(root, context.filename).split(sep).join('/');
    const check = (node: { range: [number, number] }, imported: Import) => {
      const message = refusal(file, imported);
      if (message !== undefined) context.report({ node, message });
    };
    return {
      ImportDeclaration(node) {
        check(node, {
          from: node.source.value,
          onlyTypes: node.importKind === 'type',
          names: node.specifiers.map((each) =>
            each.type === 'ImportSpecifier' && each.imported.type === 'Identifier' ? each.imported.name : '*',
          ),
        });
      },
      ImportExpression(node) {
        if (node.source.type === 'Literal' && typeof node.source.value === 'string') {
          check(node, { from: node.source.value, names: ['*'] });
        }
      },
      ExportNamedDeclaration(node) {
        if (node.source) check(node, { from: node.source.value, onlyTypes: node.exportKind === 'type' });
      },
      ExportAllDeclaration(node) {
        check(node, { from: node.source.value, onlyTypes: node.exportKind === 'type', names: ['*'] });
      },
    };
  },
};

export default { meta: { name: 'slate' }, rules: { walls: rule } };
