import { describe, expect, test } from 'vitest'
import { type RedirectPolicy, redirectUriProblem } from '../../../src/connect/create-link/redirect-uri.ts'

const anywhere: RedirectPolicy = { origins: [], allowLoopbackHttp: true }
const production: RedirectPolicy = { origins: [], allowLoopbackHttp: false }
const restricted: RedirectPolicy = {
  origins: ['https://app.example.com', 'http://localhost:3000'],
  allowLoopbackHttp: true,
}

describe('redirectUriProblem', () => {
  test.each([
    'https://app.example.com',
    'https://app.example.com/',
    'https://app.example.com/return?state=1&x=%20y',
    'https://app.example.com:8443/a/b',
    'https://xn--bcher-kva.example/',
    'https://app.example.com/#/connections',
    'https://app.example.com/?a=1#/connections?b=2',
    'http://localhost:3000/return',
    'http://127.0.0.1/',
    'http://127.9.8.7:81/',
    'http://[::1]:3000/',
    `https://app.example.com/${'x'.repeat(2024)}`,
  ])('accepts %s', (target) => {
    expect(redirectUriProblem(target, anywhere)).toBeNull()
  })

  test.each([
    ['', 'must be an absolute URL'],
    ['/return', 'must be an absolute URL'],
    ['//evil.example', 'must be an absolute URL'],
    ['app.example.com/return', 'must be an absolute URL'],
    ['https://', 'must be an absolute URL'],
    ['javascript:alert(1)', 'must be an https URL'],
    ['data:text/html,hello', 'must be an https URL'],
    ['file:///etc/passwd', 'must be an https URL'],
    ['ftp://app.example.com/', 'must be an https URL'],
    ['myapp://return', 'must be an https URL'],
    ['http://app.example.com/', 'must be an https URL'],
    ['http://localhost.evil.example/', 'must be an https URL'],
    ['http://127.0.0.1.evil.example/', 'must be an https URL'],
    ['http://0.0.0.0/', 'must be an https URL'],
    ['https://user:pw@app.example.com/', 'must not carry a user name or password'],
    ['https://app.example.com@evil.example/', 'must not carry a user name or password'],
    ['https://app.example.com#/done', 'must be written in its canonical form'],
    [' https://app.example.com/', 'must be written in its canonical form'],
    ['https://app.example.com/ ', 'must be written in its canonical form'],
    ['https:app.example.com', 'must be written in its canonical form'],
    ['https:/app.example.com/', 'must be written in its canonical form'],
    ['https:\\\\app.example.com\\', 'must be written in its canonical form'],
    ['https://app.example.com\\@evil.example/', 'must be written in its canonical form'],
    ['https://app.example.com/a\r\nb', 'must be written in its canonical form'],
    ['https://app.exa\tmple.com/', 'must be written in its canonical form'],
    ['HTTPS://app.example.com/', 'must be written in its canonical form'],
    ['https://APP.example.com/', 'must be written in its canonical form'],
    ['https://app.example.com:443/', 'must be written in its canonical form'],
    ['https://app.example.com/a/../b', 'must be written in its canonical form'],
    ['https://bücher.example/', 'must be written in its canonical form'],
    ['https://app.example.com/ü', 'must be written in its canonical form'],
    ['https://2130706433/', 'must be written in its canonical form'],
    ['https://app.example.com./', 'must not have a host that ends with a dot'],
    [`https://app.example.com/${'x'.repeat(2025)}`, 'must have at most 2048 characters'],
  ])('rejects %j: %s', (target, problem) => {
    expect(redirectUriProblem(target, anywhere)).toBe(problem)
  })

  test.each(['http://localhost:3000/return', 'http://127.0.0.1/', 'http://[::1]/'])(
    'rejects http in production: %s',
    (target) => {
      expect(redirectUriProblem(target, production)).toBe('must be an https URL')
    },
  )

  test.each([
    ['https://app.example.com/return', null],
    ['https://app.example.com', null],
    ['http://localhost:3000/return', null],
    ['https://app.example.com:8443/', 'is not on an allowed origin'],
    ['https://other.example.com/', 'is not on an allowed origin'],
    ['https://app.example.com.evil.example/', 'is not on an allowed origin'],
    ['https://evil.example/https://app.example.com/', 'is not on an allowed origin'],
    ['https://xn--pp-7ka.example.com/', 'is not on an allowed origin'],
    ['http://localhost:3001/', 'is not on an allowed origin'],
    ['http://127.0.0.1:3000/', 'is not on an allowed origin'],
  ])('with a list of origins, checks the origin of %s', (target, problem) => {
    expect(redirectUriProblem(target, restricted)).toBe(problem)
  })

  test.each([
    ['myapp://callback', null],
    ['myapp://callback/path?x=1#part', null],
    ['com.example.app:/oauth', null],
    ['myapp:callback', 'must start like myapp://'],
    ['myapp://call\\back', 'must be an absolute URL'],
    ['myapp://a/b\\c', 'must start like myapp://'],
    ['myapp://user@callback', 'must not carry a user name or password'],
    ['MYAPP://callback', 'must be written in its canonical form'],
    ['myapp://callback\n', 'must be written in its canonical form'],
    ['otherapp://callback', 'must be an https URL'],
    ['javascript://app.example.com/%0aalert(1)', 'must be an https URL'],
    ['intent://scan/#Intent;scheme=myapp;end', 'must be an https URL'],
    ['https://evil.example/', 'is not on an allowed origin'],
  ])('with schemes of applications, checks %s', (target, problem) => {
    const origins = ['https://app.example.com', 'myapp:', 'com.example.app:', 'javascript:', 'intent:']
    expect(redirectUriProblem(target, { origins, allowLoopbackHttp: false })).toBe(problem)
  })
})
