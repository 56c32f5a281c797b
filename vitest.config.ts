import { defineConfig } from 'vitest/config';

/** `unit` needs nothing but Node; `clients` runs real programs in network namespaces, as root. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          // Files share a process: no module keeps anything, and loading each anew costs more than the tests.
          isolate: false,
          include: ['{src,tools,scripts,bench,test/fuzz,test/torture}/**/*.test.ts'],
          testTimeout: 30_000,
          // The first test with a database starts its thread.
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'clients',
          include: ['test/clients/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
