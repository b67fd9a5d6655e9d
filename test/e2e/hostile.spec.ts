import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { callNames } from '../../preload/names.ts'
import { demoAccounts } from '../harness/demo-accounts.ts'
import { conversations, goToInbox } from '../harness/inbox-person.ts'
import { accountsOf, connectAccount, everythingSynced } from '../harness/person.ts'
import { expect, test } from './fixtures.ts'

const { mia } = demoAccounts

/** Calls that take no argument: they are asked with one. */
const wrong: unknown[] = [
  { __proto__: null, id: 42, accountId: { $ne: null }, conversationId: [], limit: 'all', url: 7 },
  'text',
  [1, 2, 3],
  Number.NaN,
]

test('every call refuses wrong payloads with a typed error, names nothing unknown, and the app goes on', async ({
  launch,
}) => {
  const app = await launch()
  const page = app.window
  const names = Object.keys(callNames)
  const answers = await page.evaluate(
    async ([all, payloads]) => {
      const bridge = window.manydesk as unknown as Record<string, Record<string, (value: unknown) => Promise<unknown>>>
      const found: { name: string; answer: unknown }[] = []
      for (const name of all) {
        const [noun = '', verb = ''] = name.split('.')
        for (const payload of payloads) found.push({ name, answer: await bridge[noun]?.[verb]?.(payload) })
      }
      return found
    },
    [names, wrong] as const,
  )
  expect(answers).toHaveLength(names.length * wrong.length)
  for (const { name, answer } of answers) {
    expect(answer, name).toMatchObject({ ok: false, error: { code: 'bad_request', message: expect.any(String) } })
  }

  const surface = await page.evaluate(() => {
    const frozen = (value: object): boolean =>
      Object.isFrozen(value) && Object.values(value).every((part) => typeof part === 'function' || frozen(part))
    return {
      calls: Object.entries(window.manydesk).flatMap(([noun, verbs]) =>
        typeof verbs === 'function' ? [noun] : Object.keys(verbs).map((verb) => `${noun}.${verb}`),
      ),
      frozen: frozen(window.manydesk),
      node: ['require', 'process', 'module', 'ipcRenderer', 'electron'].filter((name) => name in globalThis),
    }
  })
  expect(surface.calls.sort()).toEqual([...names, 'on'].sort())
  expect(surface).toMatchObject({ frozen: true, node: [] })
  await expect(page.getByRole('button', { name: 'Connect your first account' })).toBeEnabled()
})

test('the page of the app opens no window, goes nowhere, loads no frame, and frames in it have no bridge', async ({
  launch,
}) => {
  const app = await launch()
  const page = app.window
  const address = page.url()
  const outcome = await page.evaluate(async () => {
    const opened = [
      globalThis.open('https://evil.example/'),
      globalThis.open('javascript:alert(1)'),
      globalThis.open('file:///etc/passwd'),
      globalThis.open('about:blank'),
    ]
    const link = document.createElement('a')
    link.href = 'https://evil.example/'
    link.target = '_blank'
    document.body.append(link)
    link.click()
    link.remove()
    const frame = document.createElement('iframe')
    document.body.append(frame)
    const inFrame = frame.contentWindow ? 'manydesk' in frame.contentWindow : false
    frame.remove()
    const refused = await Promise.all(
      ['https://acme.zendesk.com/', 'http://127.0.0.1:1/', 'data:text/plain,x'].map((url) =>
        fetch(url).then(
          () => `${url} was read`,
          () => 'refused',
        ),
      ),
    )
    const evaluate = () => {
      const script = document.createElement('script')
      script.textContent = 'document.body.remove()'
      document.body.append(script)
      return 'taken'
    }
    const evaluated = await new Promise<string>((resolve) => resolve(evaluate())).catch(String)
    return { opened: opened.filter((one) => one !== null).length, inFrame, refused, evaluated }
  })
  expect(outcome).toEqual({
    opened: 0,
    inFrame: false,
    refused: ['refused', 'refused', 'refused'],
    evaluated: expect.stringContaining('TrustedScript'),
  })
  for (const target of [
    'https://evil.example/',
    'file:///etc/passwd',
    'javascript:document.body.remove()',
    'app://other/',
  ]) {
    await page.evaluate((url) => location.assign(url), target).catch(() => undefined)
  }
  await expect(page.getByRole('button', { name: 'Connect your first account' })).toBeVisible()
  expect(page.url()).toBe(address)
  expect(await app.openedLinks()).toEqual([])
  const links = [
    'javascript:alert(1)',
    'file:///etc/passwd',
    'app.manydesk://oauth/callback?code=a&state=b',
    'https://user:pass@acme.example/',
  ]
  for (const url of links) {
    const answer = await page.evaluate((wanted) => window.manydesk.app.openLink({ url: wanted }), url)
    expect(answer.ok, url).toBe(false)
  }
  expect(await app.openedLinks()).toEqual([])
})

test('damaged settings files are set aside with a notice, and everything else is there', async ({
  launch,
  sandbox,
  profile,
}) => {
  const first = await launch()
  await connectAccount(first, sandbox, mia.wish, mia.brand)
  await everythingSynced(first.window)
  await first.quit()
  const settings = join(profile, 'settings')
  const names = readdirSync(settings)
  expect(names).toEqual(expect.arrayContaining(['accounts.json', 'brands.json']))
  for (const name of ['accounts.json', 'preferences.json']) writeFileSync(join(settings, name), '{"version":1,"acc')
  writeFileSync(join(profile, 'oauth-clients.json'), '<html>')

  const app = await launch()
  await goToInbox(app.window)
  await expect(conversations(app.window).getByRole('option').first()).toBeVisible()
  expect(await accountsOf(app.window)).toMatchObject([{ user: { email: mia.wish.email }, state: 'connected' }])
  for (const words of [
    'The file with your accounts was damaged or lost. Manydesk went back to the version saved before it.',
    'The file with your preferences was damaged and there was no earlier version, so it starts anew.',
  ]) {
    const notice = app.window.getByRole('status').filter({ hasText: words })
    await expect(notice).toContainText('The damaged file was kept as')
  }
  await expect(app.window.getByText('The file with OAuth clients could not be used.')).toBeVisible()
  const aside = readdirSync(settings).filter((name) => name.includes('.damaged-'))
  expect(aside).toHaveLength(2)
  for (const name of aside) expect(readFileSync(join(settings, name), 'utf8')).toBe('{"version":1,"acc')
  await app.window.getByRole('button', { name: 'Dismiss' }).first().click()
  await app.quit()

  // Without any good generation the list starts empty, says so, and can be filled again.
  for (const name of ['accounts.json', 'accounts.previous.json']) writeFileSync(join(settings, name), '[]')
  const empty = await launch()
  await expect(
    empty.window.getByText(
      'The file with your accounts was damaged and there was no earlier version, so it starts anew.',
    ),
  ).toBeVisible()
  expect(await accountsOf(empty.window)).toEqual([])
  await connectAccount(empty, sandbox, mia.wish, mia.brand)
  await expect(conversations(empty.window).getByRole('option').first()).toBeVisible()
})

test('a second start hands over to the first, whatever its arguments are, and ends', async ({ launch }) => {
  const app = await launch()
  const started = performance.now()
  await app.deepLink('--remote-debugging-port=1')
  await app.deepLink(`not a link \u0000 ${'x'.repeat(20_000)}`.replaceAll('\u0000', ''))
  await app.deepLink('app.manydesk:')
  expect(performance.now() - started).toBeLessThan(60_000)
  await expect(app.window.getByRole('button', { name: 'Connect your first account' })).toBeEnabled()
  expect(await app.window.evaluate(() => document.hasFocus())).toBe(true)
  expect(await app.window.evaluate(() => window.manydesk.accounts.handshakes())).toEqual({ ok: true, value: [] })
})
