import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    exclude: ['test/e2e/**'],
    // ONNX Runtime is a native module and takes every core by itself: separate processes, few at a time.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
  },
});
