import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The board by itself, with a fabricated day in it: to look at it, and to measure it. */
export default defineConfig({ root: import.meta.dirname, plugins: [react()], clearScreen: false });
