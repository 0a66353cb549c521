import { createPublicKey } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';
import manifest from './package.json' with { type: 'json' };

/** Everything is bundled: the packaged program has no node_modules. */
const bundled = { externalizeDeps: false };

/** Lists the packages in a bundle beside its folder. `scripts/packaging/shipped-packages.ts` reads it. */
const listPackages: Plugin = {
  name: 'list-packages',
  writeBundle({ dir = '' }) {
    const folders = [...this.getModuleIds()].flatMap(
      (id) => /\/(node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1] ?? [],
    );
    writeFileSync(`${dir}-packages.json`, JSON.stringify([...new Set(folders)].toSorted()));
  },
};

/** The two Ed25519 public keys (SPKI in base64, with a comma between them) that sign updates. Without them there are no updates. */
const updateKeys = process.env['SLATE_UPDATE_KEYS'] ?? '';
for (const key of updateKeys.split(',').filter((each) => each !== ''))
  createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' });

/**
 * Large packages that the sign-in needs, each in a file of its own: Electron sends a file of `app://` in pieces of 64 kB, one after
 * the other, so several files arrive sooner than one.
 */
const ownFiles = ['react-dom', 'zod', 'temporal-polyfill', 'axios'].map((name) => ({
  name,
  test: new RegExp(`/node_modules/${name}/`),
}));

export default defineConfig({
  // Electron 33 is the oldest that tests use. CommonJS runs synchronously, so everything that must happen before Electron is
  // ready happens in time on every runtime.
  main: {
    plugins: [listPackages],
    define: { SLATE_UPDATE_KEYS: JSON.stringify(updateKeys) },
    build: {
      ...bundled,
      target: 'node20.18',
      lib: { entry: ['src/main/main.ts', 'src/main/derive-key-worker.ts'], formats: ['cjs'] },
      rollupOptions: { output: { entryFileNames: '[name].cjs' } },
    },
  },
  // A sandboxed preload script is one CommonJS file.
  preload: {
    plugins: [listPackages],
    build: {
      ...bundled,
      target: 'node20.18',
      lib: { entry: 'src/preload/index.ts', formats: ['cjs'] },
      rollupOptions: { output: { entryFileNames: '[name].cjs' } },
    },
  },
  renderer: {
    root: 'src/renderer',
    define: { 'import.meta.env.SLATE_VERSION': JSON.stringify(manifest.version) },
    build: {
      target: 'chrome130',
      minify: true,
      rollupOptions: {
        input: 'src/renderer/index.html',
        output: { codeSplitting: { groups: ownFiles } },
      },
      // Styles and fonts are files: the policy allows no other source, not even data URLs.
      assetsInlineLimit: 0,
    },
    plugins: [react(), listPackages],
  },
});
