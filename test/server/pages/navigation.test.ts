import { describe, expect, test } from 'vitest'
import { isNavigation, isOwnForm } from '../../../src/server/pages/navigation.ts'
import { listen } from '../../helpers/listen.ts'
import { navigation, visit } from './visit.ts'

type Headers = Readonly<Record<string, string>>

/** Result of `isNavigation` for a real request with these headers. */
async function isNavigationWith(headers: Headers, frames: 'allowed' | 'none' = 'none'): Promise<boolean> {
  const { href } = await listen((request, response) => response.end(String(isNavigation(request, frames))))
  return (await visit(href, { headers })).text === 'true'
}

/** Result of `isOwnForm` for a real request with these headers. */
async function isOwnFormWith(headers: Headers): Promise<boolean> {
  const { href } = await listen((request, response) => response.end(String(isOwnForm(request))))
  return (await visit(href, { method: 'POST', headers })).text === 'true'
}

describe('isNavigation', () => {
  test.each<[name: string, headers: Headers]>([
    ['Chrome', {}],
    ['headless Chrome', { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/142.0.0.0' }],
    ['a browser that came from another site', { 'sec-fetch-site': 'cross-site' }],
    [
      'Safari on a phone',
      {
        'user-agent':
          'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Mobile Safari/604.1',
      },
    ],
    [
      'a phone whose name contains "bot"',
      { 'user-agent': 'Mozilla/5.0 (Linux; Android 10; CUBOT NOTE 20) Chrome/142.0.0.0 Mobile' },
    ],
  ])('accepts %s', async (_, headers) => {
    expect(await isNavigationWith({ ...navigation, ...headers })).toBe(true)
  })

  test.each<[name: string, headers: Headers]>([
    ['a frame', { 'sec-fetch-dest': 'iframe' }],
    ['a script', { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }],
    ['an image', { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }],
    ['a prefetch', { 'sec-purpose': 'prefetch' }],
    ['a prerendered page', { 'sec-purpose': 'prefetch;prerender' }],
    ['a prefetch of an older browser', { purpose: 'prefetch' }],
    ["Firefox's own prefetch", { 'x-moz': 'prefetch' }],
    ["Safari's preview", { 'x-purpose': 'preview' }],
  ])('rejects %s', async (_, headers) => {
    expect(await isNavigationWith({ ...navigation, ...headers })).toBe(false)
  })

  test('rejects a browser without Sec-Fetch headers', async () => {
    expect(await isNavigationWith({ 'user-agent': navigation['user-agent'] })).toBe(false)
  })

  test.each([
    'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)',
    'Slack-ImgProxy (+https://api.slack.com/robots)',
    'Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) SkypeUriPreview Preview/0.5',
    'Mozilla/5.0 (Macintosh) Teams/1.6.00.11166',
    'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)',
    'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
    'Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)',
    'TelegramBot (like TwitterBot)',
    'WhatsApp/2.23.20.0',
    'LinkedInBot/1.0 (compatible; Mozilla/5.0)',
    'kakaotalk-scrap/1.0; +https://devtalk.kakao.com/',
    'Mozilla/5.0 (compatible) Mimecast URL Protect',
    'curl/8.5.0',
    'python-requests/2.32',
  ])('rejects the user agent %s, even with the headers of a navigation', async (agent) => {
    expect(await isNavigationWith({ ...navigation, 'user-agent': agent })).toBe(false)
  })

  test('accepts a frame if frames are allowed', async () => {
    expect(await isNavigationWith({ ...navigation, 'sec-fetch-dest': 'iframe' }, 'allowed')).toBe(true)
    expect(await isNavigationWith({ ...navigation, 'sec-fetch-dest': 'image' }, 'allowed')).toBe(false)
  })
})

describe('isOwnForm', () => {
  test.each<[name: string, headers: Headers, expected: boolean]>([
    ['of the own page', { 'sec-fetch-site': 'same-origin', origin: 'null' }, true],
    ['of another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.test' }, false],
    [
      'of another host of the same site',
      { 'sec-fetch-site': 'same-site', origin: 'https://evil.example.com' },
      false,
    ],
    ['of an older browser on the own page', { origin: 'null' }, true],
    ['of an older browser on another site', { origin: 'https://evil.test' }, false],
    ['without these headers', {}, true],
  ])('a form %s: %j: %s', async (_, headers, expected) => {
    expect(await isOwnFormWith(headers)).toBe(expected)
  })
})
