import { Webhook } from 'standardwebhooks'
import { expect, onTestFinished, test } from 'vitest'
import { inboxSecret } from '../../src/sandbox/inbox.ts'
import { startSandbox } from '../../src/sandbox/sandbox.ts'

test('the inbox shows messages with the result of their verification, newest first', async () => {
  const sandbox = await startSandbox({ port: 0 })
  onTestFinished(() => sandbox.close())
  const url = `${sandbox.url.origin}/inbox`
  const page = async () => (await fetch(url)).text()
  expect(await page()).toContain('Nothing has been received yet')

  const send = (secret: string, id: string, sentAt = new Date()) => {
    const body = JSON.stringify({ type: 'connect_link.opened', data: { text: '<b>' } })
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1_000)),
      'webhook-signature': new Webhook(secret).sign(id, sentAt, body),
    }
    return fetch(url, { method: 'POST', headers, body })
  }
  expect((await send(inboxSecret, 'msg_right')).status).toBe(204)
  await send(`whsec_${Buffer.alloc(32).toString('base64')}`, 'msg_foreign')
  await send(inboxSecret, 'msg_old', new Date(Date.now() - 600_000))
  const html = await page()
  const shown = [...html.matchAll(/<summary>(.*?)<\/summary>.*?<dd>(msg_\w+)<\/dd>/gs)].map(
    ([, ...one]) => one,
  )
  expect(shown).toEqual([
    ['connect_link.opened · not valid', 'msg_old'],
    ['connect_link.opened · not valid', 'msg_foreign'],
    ['connect_link.opened · verified', 'msg_right'],
  ])
  expect(html).toContain('&#60;b&#62;')
  expect(html).not.toContain('<b>')

  for (let count = 0; count < 100; count += 1) await send(inboxSecret, `msg_more_${count}`)
  expect((await page()).match(/<details>/g)).toHaveLength(100)
})
