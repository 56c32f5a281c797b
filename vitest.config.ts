import { defineConfig } from 'vitest/config';

/** They start and kill processes or threads, or take their time on purpose: `npm test` has them, `npm run check` not. */
const SYSTEM_TESTS = [
  'src/store/sqlite/killed-process.test.ts',
  'src/protocols/tftp/plane-restart.test.ts',
  'src/protocols/tftp/data-port.test.ts',
  'src/protocols/tftp/plane.test.ts',
  'src/protocols/http/plane.test.ts',
  'src/protocols/nfs/plane.test.ts',
  'src/protocols/nfs/server.test.ts',
  'src/protocols/ftp/{server,plane-server}*.test.ts',
  'src/protocols/ftp/plane.test.ts',
  'src/protocols/tftp/running-upload.test.ts',
  'src/protocols/*/any-message.test.ts',
  'src/api/event-stream.test.ts',
  'src/services/answers/answer-worker.test.ts',
  'src/services/mirrors/mirror-{service,lists}.test.ts',
  'src/services/installs/install-walk.test.ts',
  'src/services/hooks/*.test.ts',
  'src/services/power/*.test.ts',
  'src/cli/run-cli.test.ts',
  'src/cli/events.test.ts',
  'src/cli/watching.test.ts',
  'test/fuzz/**/*.test.ts',
];

/** Beside their files, but with other programs: with the clients. */
const PROGRAM_TESTS = [
  'src/formats/iso9660/real-discs.test.ts',
  'src/services/boot/boot-media.test.ts',
  'src/services/images/unpack-list.test.ts',
];

/**
 * `unit` and `system` need nothing but Node; `clients` runs real programs in network namespaces, as root, and `browser` a
 * real browser there.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          // Files share a process: no module keeps anything, and loading each anew costs more than the tests.
          isolate: false,
          // More than processors: much of their time they wait for a disk or a socket.
          maxWorkers: 3,
          include: ['{src,tools,scripts,bench,test/torture}/**/*.test.ts', 'ui/src/**/*.test.ts'],
          exclude: [...SYSTEM_TESTS, ...PROGRAM_TESTS],
          testTimeout: 30_000,
          // The first test with a database starts its thread.
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'system',
          maxWorkers: 2,
          include: SYSTEM_TESTS,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // While one waits for its server, the other draws.
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'clients',
          include: ['test/clients/**/*.test.ts', ...PROGRAM_TESTS],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Each file has namespaces of its own, and waits most of its time.
          maxWorkers: 2,
        },
      },
    ],
  },
});
