import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import manifest from './package.json' with { type: 'json' };

/** Everything is bundled: the packaged program carries no node_modules. */
const bundled = { externalizeDeps: false };

export default defineConfig({
  // What is built also runs on the oldest Electron the tests are given, which is 33. CommonJS, as it runs in one go:
  // what must be said before Electron is ready is then said in time, however a runtime loads its program.
  main: {
    build: {
      ...bundled,
      target: 'node20.18',
      lib: { entry: 'src/main/main.ts', formats: ['cjs'] },
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
      // Styles and fonts are files of ours: the policy allows no other source, data: included.
      assetsInlineLimit: 0,
    },
    plugins: [react()],
  },
});
