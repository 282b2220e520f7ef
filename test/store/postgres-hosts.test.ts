import { expect, test } from 'vitest'
import { hostsOf, splitHosts } from '../../src/store/postgres-hosts.ts'

test.each([
  [
    'postgres://u:p@a:5432,b:5433/db?sslmode=require',
    ['postgres://u:p@a:5432/db?sslmode=require', 'postgres://u:p@b:5433/db?sslmode=require'],
  ],
  ['postgres://u:p%2C@a/db', ['postgres://u:p%2C@a/db']],
  ['postgres://u:p,q@a/db', ['postgres://u:p,q@a/db']],
  ['postgres:///db?host=/tmp,x', ['postgres:///db?host=/tmp,x']],
])('splitHosts(%s)', (url, expected) => expect(splitHosts(url)).toEqual(expected))

test.each([
  ['postgres://u:p@a:5433,b/db', 'a:5433, b'],
  ['postgres:///db?host=/var/run/postgresql', '/var/run/postgresql'],
  ['postgres:///db', 'localhost'],
  ['postgres://u@/db?host=/var/run/postgresql', '/var/run/postgresql'],
])('hostsOf(%s) has no user and no password', (url, expected) => expect(hostsOf(url)).toBe(expected))
