#!/usr/bin/env node
// The command connect-gateway. In a clone the program is built if needed; a package contains the build only.
import { existsSync } from 'node:fs'

const starter = new URL('./run.js', import.meta.url)
await import(existsSync(starter) ? starter : new URL('../dist/main.js', import.meta.url))
