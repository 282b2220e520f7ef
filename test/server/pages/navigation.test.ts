import { describe, expect, test } from 'vitest'
import { isNavigation, isOwnForm } from '../../../src/server/pages/navigation.ts'
import { listen } from '../../helpers/listen.ts'
import { navigation, visit } from './visit.ts'

type Headers = Readonly<Record<string, string>>

/** What a server that knows no more than the request takes it for. */
async function judged(headers: Headers, frames: 'allowed' | 'none' = 'none'): Promise<boolean> {
  const { href } = await listen((request, response) => response.end(String(isNavigation(request, frames))))
  return (await visit(href, { headers })).text === 'true'
}

async function isOwn(headers: Headers): Promise<boolean> {
  const { href } = await listen((request, response) => response.end(String(isOwnForm(request))))
  return (await visit(href, { method: 'POST', headers })).text === 'true'
}

describe('a person on the way', () => {
  test.each<[name: string, headers: Headers]>([
    ['Chrome', {}],
    ['Chrome without a window', { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/142.0.0.0' }],
    ['a browser that came from another site', { 'sec-fetch-site': 'cross-site' }],
    [
      'Safari on a phone',
      {
        'user-agent':
          'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Mobile Safari/604.1',
      },
    ],
    [
      'a phone with an unlucky name',
      { 'user-agent': 'Mozilla/5.0 (Linux; Android 10; CUBOT NOTE 20) Chrome/142.0.0.0 Mobile' },
    ],
  ])('%s is one', async (_, headers) => {
    expect(await judged({ ...navigation, ...headers })).toBe(true)
  })

  test.each<[name: string, headers: Headers]>([
    ['a frame', { 'sec-fetch-dest': 'iframe' }],
    ['a script', { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }],
    ['an image', { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }],
    ['a prefetch', { 'sec-purpose': 'prefetch' }],
    ['a prerendered page', { 'sec-purpose': 'prefetch;prerender' }],
    ['an older prefetch', { purpose: 'prefetch' }],
    ["Firefox's own prefetch", { 'x-moz': 'prefetch' }],
    ["Safari's preview", { 'x-purpose': 'preview' }],
  ])('%s is none', async (_, headers) => {
    expect(await judged({ ...navigation, ...headers })).toBe(false)
  })

  test('a browser that does not say what it does is not believed', async () => {
    expect(await judged({ 'user-agent': navigation['user-agent'] })).toBe(false)
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
  ])('%s is none, whatever else it claims', async (agent) => {
    expect(await judged({ ...navigation, 'user-agent': agent })).toBe(false)
  })

  test('a frame counts where the link may be shown in one', async () => {
    expect(await judged({ ...navigation, 'sec-fetch-dest': 'iframe' }, 'allowed')).toBe(true)
    expect(await judged({ ...navigation, 'sec-fetch-dest': 'image' }, 'allowed')).toBe(false)
  })
})

describe('a form', () => {
  test.each<[name: string, headers: Headers, expected: boolean]>([
    ['of our own page', { 'sec-fetch-site': 'same-origin', origin: 'null' }, true],
    ['of another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.test' }, false],
    ['of a neighbour', { 'sec-fetch-site': 'same-site', origin: 'https://evil.example.com' }, false],
    ['of an older browser on our own page', { origin: 'null' }, true],
    ['of an older browser on another site', { origin: 'https://evil.test' }, false],
    ['of something that says nothing', {}, true],
  ])('%s: %j is our own: %s', async (_, headers, expected) => {
    expect(await isOwn(headers)).toBe(expected)
  })
})
