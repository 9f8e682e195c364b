import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Builds the renderer, the same bundle for the Electron window and the loopback host. */
export default defineConfig({
  root: 'renderer',
  base: './',
  plugins: [react()],
  build: { outDir: '../dist/renderer', emptyOutDir: true, target: 'chrome140', chunkSizeWarningLimit: 2000 },
});
