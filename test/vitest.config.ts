import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  // The bundler's resolution would give the source another copy of graphql than the one its libraries use.
  resolve: { alias: [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) }] },
  test: {
    include: ['test/**/*.test.ts'],
    // The gateway serves it as a file.
    globalSetup: ['src/client/build.js'],
    // A start of the embedded database takes seconds on a busy machine; nothing here waits on purpose.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // One embedded database and one copy of the source a worker: a start for each file would triple the time.
    // So a test must not call `vi.resetModules`: plugins of libraries would be registered twice.
    isolate: false,
    maxWorkers: 2,
  },
})
