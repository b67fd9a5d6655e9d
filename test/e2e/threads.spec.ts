import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { demoAccounts } from '../harness/demo-accounts.ts'
import * as inbox from '../harness/inbox-person.ts'
import { hostileBodies } from '../sandbox/content/hostile.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { expect, test } from './fixtures.ts'

const { mia } = demoAccounts
const colleague = 'jonas.keller@acme.example'

test.use({ perShare: 17 })

/** Leads the attackers' hosts to the sandbox, too, so that a request that gets out is seen there. */
function withTrap(sandbox: Sandbox) {
  const traps = `MAP *.example.net 127.0.0.1:${sandbox.port},MAP *.example 127.0.0.1:${sandbox.port}`
  return { hostResolverRules: `${sandbox.hostResolverRules},${traps}`, spki: sandbox.spki }
}

async function trapped(sandbox: Sandbox): Promise<string[]> {
  const all = await sandbox.control.requests()
  return all.filter(({ host }) => /\.example(\.net)?$/.test(host)).map(({ host, path }) => `${host}${path}`)
}

/** What the frames of the open thread hold, seen from the window around them. */
function framesOf(window: Page) {
  return window
    .getByRole('region', { name: 'Messages' })
    .locator('iframe')
    .evaluateAll((frames) =>
      frames.map((frame) => {
        const page = (frame as HTMLIFrameElement).contentDocument
        const links = [...(page?.querySelectorAll('[href]') ?? [])].filter((each) => each.tagName !== 'LINK')
        return {
          sandbox: frame.getAttribute('sandbox'),
          // innerText: what is there but not drawn is not readable
          text: page?.body.innerText ?? '',
          height: frame.getBoundingClientRect().height,
          active: page?.querySelectorAll(
            'script,iframe,form,object,embed,base,svg,video,input,meta[http-equiv=refresh]',
          ).length,
          handlers: [...(page?.body.querySelectorAll('*') ?? [])].filter((each) =>
            each.getAttributeNames().some((name) => name.startsWith('on')),
          ).length,
          links: links.map((link) => link.getAttribute('href') ?? ''),
          fixed: [...(page?.body.querySelectorAll('*') ?? [])].filter(
            (each) => getComputedStyle(each).position === 'fixed',
          ).length,
        }
      }),
    )
}

test('hostile messages are readable, run nothing, fetch nothing and lead nowhere unasked', async ({
  launch,
  sandbox,
}) => {
  const app = await launch({ network: withTrap(sandbox) })
  const { window } = app
  const dialogs: string[] = []
  const requested: string[] = []
  window.on('dialog', (dialog) => {
    dialogs.push(dialog.message())
    void dialog.dismiss()
  })
  window.on('request', (request) => requested.push(request.url()))
  const [acme] = await inbox.startWork(app, sandbox, [mia])
  if (!acme) throw new Error('no account')
  const question = await inbox.customerAsks(window, sandbox, acme, 'Please open at once')
  for (const body of hostileBodies) {
    await sandbox.control.agentWrites(question.site, question.siteId, colleague, 'reply', body)
  }
  const title = await window.title()
  const address = window.url()
  await inbox.find(window, question.id, question.subject)
  await expect(window.getByRole('article')).toHaveCount(hostileBodies.length + 1, { timeout: 30_000 })
  await expect
    .poll(async () => (await framesOf(window)).filter(({ text }) => text.includes('READABLE TEXT')).length)
    .toBe(hostileBodies.length)

  for (const frame of await framesOf(window)) {
    expect(frame).toMatchObject({ sandbox: 'allow-same-origin', active: 0, handlers: 0, fixed: 0 })
    expect(frame.height, frame.text).toBeGreaterThan(15)
    for (const link of frame.links) expect(link).toMatch(/^(https|mailto):/)
  }
  expect(dialogs).toEqual([])
  expect(await window.title()).toBe(title)
  expect(window.url()).toBe(address)
  expect(await trapped(sandbox)).toEqual([])
  const origin = new URL(address)
  expect(requested.filter((url) => !url.startsWith('data:') && new URL(url).host !== origin.host)).toEqual([])
  await expect(window.getByText(/remote images? (is|are) not loaded/).first()).toBeVisible()
})

test('a link in a message first shows where it leads, and opens outside only when asked', async ({
  launch,
  sandbox,
}) => {
  const app = await launch({ network: withTrap(sandbox) })
  const { window } = app
  const [acme] = await inbox.startWork(app, sandbox, [mia])
  if (!acme) throw new Error('no account')
  const question = await inbox.customerAsks(window, sandbox, acme, 'Look at this page')
  const links = [
    '<a href="https://shop.example/orders/1?from=mail">my order</a>',
    '<a href="https://evil.example.net/login">www.acme.example</a>',
    '<a href="mailto:friend@customers.example">my friend</a>',
  ]
  await sandbox.control.agentWrites(question.site, question.siteId, colleague, 'reply', links.join('<br>'))
  await inbox.find(window, question.id, question.subject)
  await expect.poll(() => inbox.messagesWith(window, 'my order')).toBe(1)
  const message = window.getByTitle('Message from Jonas Keller').contentFrame()
  const before = await app.openedLinks()
  const dialog = window.getByRole('dialog')

  await message.getByText('www.acme.example').click()
  await expect(dialog).toContainText('evil.example.net')
  await expect(dialog).toContainText('The text says www.acme.example, but the link leads to evil.example.net.')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(dialog).toHaveCount(0)
  await message.getByText('my friend').click()
  await expect(dialog.getByRole('heading', { name: 'Write a mail?' })).toBeVisible()
  await window.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  expect(await app.openedLinks()).toEqual(before)
  expect(await trapped(sandbox)).toEqual([])

  await message.getByText('my order').click()
  await expect(dialog.getByRole('heading', { name: 'Open this link?' })).toBeVisible()
  await dialog.getByRole('button', { name: 'Open in browser' }).click()
  await expect.poll(() => app.openedLinks()).toEqual([...before, 'https://shop.example/orders/1?from=mail'])
  await expect(inbox.conversations(window)).toBeVisible()
})

test('notes look and sound private, pictures are described, and files land in the downloads folder', async ({
  launch,
  sandbox,
}) => {
  const app = await launch()
  const { window } = app
  const [acme] = await inbox.startWork(app, sandbox, [mia])
  if (!acme) throw new Error('no account')
  const question = await inbox.customerAsks(window, sandbox, acme, 'A picture of the damage')
  await sandbox.control.customerWrites(question.site, question.siteId, 'Here it is.', { picture: true })
  await sandbox.control.agentWrites(question.site, question.siteId, colleague, 'note', 'Looks like a production fault.')
  const picture = '<p>See below.</p><img src="https://cdn.example.net/zip.png" alt="the broken zip" width="300">'
  await sandbox.control.agentWrites(question.site, question.siteId, colleague, 'reply', picture)
  await inbox.find(window, question.id, question.subject)

  const note = window.getByRole('article', { name: 'Private note from Jonas Keller' })
  await expect(note).toContainText('Private note')
  const shade = (of: typeof note) => of.evaluate((element) => getComputedStyle(element).backgroundColor)
  const reply = window.getByRole('article', { name: 'Reply from Jonas Keller' })
  expect(await shade(note)).not.toBe(await shade(reply))
  await expect(reply).toContainText('One remote image is not loaded')
  await expect(reply.locator('iframe').contentFrame().getByRole('img', { name: 'the broken zip' })).toBeVisible()

  const stored = await inbox.threadOf(window, question.id)
  const file = stored.messages.flatMap(({ attachments }) => attachments).find(({ name }) => name === 'image001.png')
  expect(file?.size).toBeGreaterThan(100)
  const button = window.getByRole('button', { name: /^Download image001\.png [\d.]+ (byte|kB)/ })
  for (const name of ['image001.png', 'image001 (2).png']) {
    await button.click()
    const told = window.getByText(`${name} is in `)
    await expect(told).toBeVisible()
    const folder = ((await told.textContent()) ?? '').split(' is in ')[1] ?? ''
    const bytes = readFileSync(join(folder, name))
    expect(bytes.length).toBe(file?.size)
    expect(bytes.subarray(1, 4).toString('latin1')).toBe('PNG')
  }
})
