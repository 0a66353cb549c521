import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import manifest from './package.json' with { type: 'json' };

/** Everything is bundled: the packaged program has no node_modules. */
const bundled = { externalizeDeps: false };

export default defineConfig({
  // Electron 33 is the oldest that tests use. CommonJS runs synchronously, so everything that must happen before Electron is
  // ready happens in time on every runtime.
  main: {
    build: {
      ...bundled,
      target: 'node20.18',
      lib: { entry: ['src/main/main.ts', 'src/main/derive-key-worker.ts'], formats: ['cjs'] },
      rollupOptions: { output: { entryFileNames: '[name].cjs' } },
    },
  },
  // A sandboxed preload script is one CommonJS file.
  preload: {
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
      rollupOptions: { input: 'src/renderer/index.html' },
      // Styles and fonts are files: the policy allows no other source, not even data URLs.
      assetsInlineLimit: 0,
    },
    plugins: [react()],
  },
});
