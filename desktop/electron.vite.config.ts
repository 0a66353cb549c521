import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

/** Everything is bundled: the packaged program carries no node_modules. */
const bundled = { externalizeDeps: false };

export default defineConfig({
  main: { build: { ...bundled, lib: { entry: 'src/main/main.ts' } } },
  // A sandboxed preload script is one CommonJS file.
  preload: {
    build: {
      ...bundled,
      lib: { entry: 'src/preload/index.ts', formats: ['cjs'] },
      rollupOptions: { output: { entryFileNames: '[name].cjs' } },
    },
  },
  renderer: {
    root: 'src/renderer',
    build: {
      rollupOptions: { input: 'src/renderer/index.html' },
      // Styles and fonts are files of ours: the policy allows no other source, data: included.
      assetsInlineLimit: 0,
    },
    plugins: [react()],
  },
});
