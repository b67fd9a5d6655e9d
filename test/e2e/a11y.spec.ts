import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright'
import { demoAccounts } from '../harness/demo-accounts.ts'
import * as inbox from '../harness/inbox-person.ts'
import {
  accountRow,
  chooseAction,
  chooseSite,
  goToAccounts,
  nameBrand,
  pressConnect,
  signIn,
  signInPage,
  typeClient,
} from '../harness/person.ts'
import { expect, test } from './fixtures.ts'

const { mia } = demoAccounts
const themes = ['light', 'dark'] as const

// Each screen is looked through by axe twice, which takes seconds on a busy machine.
test.describe.configure({ timeout: 180_000 })
test.use({ perShare: 5 })

/** No rule of axe is broken on what is shown, in light and in dark. */
async function isAccessible(page: Page, screen: string): Promise<void> {
  for (const theme of themes) {
    await page.evaluate((wanted) => window.manydesk.app.setTheme({ theme: wanted }), theme)
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme)
    await page.waitForFunction(() =>
      document
        .getAnimations()
        .every((each) => each.playState !== 'running' || each.effect?.getTiming().iterations === Infinity),
    )
    // Legacy: the other mode opens a page of its own in the browser, which a workstation is not made for.
    // The announcer of React Aria names by ids of what has just gone; it is heard, never visited.
    // `region`: a popover stands beside the landmarks of the window, not in one of them.
    const { violations } = await new AxeBuilder({ page })
      .setLegacyMode()
      .exclude('[data-live-announcer]')
      .disableRules('region')
      .analyze()
    const broken = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 200)}`))
    expect.soft(broken, `${screen}, ${theme}`).toEqual([])
  }
}

interface Stop {
  name: string
  shown: boolean
  /** Whether the stop before this one looked different while it had the focus. */
  previousMarked: boolean
}

/** What has the focus. Remembers how it looks, to be compared with how it looks once the focus has gone on. */
async function stopAt(): Promise<Stop | null> {
  const drawn = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
  const looksOf = (element: Element) =>
    [element, element.parentElement, element.parentElement?.parentElement, ...element.querySelectorAll('*')]
      .filter((each) => each != null)
      .flatMap((each) => [undefined, '::before', '::after'].map((part) => getComputedStyle(each, part)))
      .map(({ outline, boxShadow, background, border, content }) =>
        [outline, boxShadow, background, border, content].join(),
      )
      .join()
  await drawn()
  const memory = globalThis as { lastStop?: { element: Element; looks: string } | undefined }
  const { lastStop } = memory
  const last = lastStop?.element
  // A field and the button in it share one frame, which stays marked.
  const sameFrame = last instanceof HTMLInputElement && last.parentElement?.contains(document.activeElement) === true
  const previousMarked = lastStop === undefined || sameFrame || lastStop.looks !== looksOf(lastStop.element)
  const frame = document.activeElement
  const inner = frame instanceof HTMLIFrameElement ? frame.contentDocument?.activeElement : null
  const element = (inner ?? frame) as HTMLElement | null
  if (element === null || element === document.body) {
    memory.lastStop = undefined
    return null
  }
  memory.lastStop = { element, looks: looksOf(element) }
  const box = element.getBoundingClientRect()
  const top = box.top + (inner ? (frame?.getBoundingClientRect().top ?? 0) : 0)
  return {
    name: element.getAttribute('aria-label') ?? (element.textContent?.trim() || element.outerHTML.slice(0, 200)),
    shown: box.width > 0 && box.height > 0 && top + box.height > 0 && top < innerHeight,
    previousMarked,
  }
}

/** Goes through the screen by Tab: each stop can be seen. Answers the names of the stops. */
async function tabThrough(window: Page, stops: number): Promise<string[]> {
  const names: string[] = []
  for (let stop = 0; stop < stops; stop += 1) {
    await window.keyboard.press('Tab')
    const at = await window.evaluate(stopAt)
    if (at === null) continue
    expect.soft(at.shown, `in view: ${at.name}`).toBe(true)
    expect.soft(at.previousMarked, `focus seen: ${names.at(-1)}`).toBe(true)
    names.push(at.name)
  }
  await window.evaluate(() => Reflect.deleteProperty(globalThis, 'lastStop'))
  return names
}

test('welcome and the steps of connecting break no accessibility rule, and the focus is always seen', async ({
  launch,
  sandbox,
}) => {
  const app = await launch()
  const { window } = app
  await window.emulateMedia({ reducedMotion: 'reduce' })
  await isAccessible(window, 'welcome')
  expect(await tabThrough(window, 3)).toContain('Connect your first account')
  await window.getByRole('button', { name: 'Connect your first account' }).click()
  await window.getByRole('option', { name: 'Zendesk' }).waitFor()
  await isAccessible(window, 'helpdesks')
  await chooseSite(window, mia.wish)
  await isAccessible(window, 'site and client')
  const stops = await tabThrough(window, 14)
  expect(new Set(stops).size).toBeGreaterThan(6)
  await typeClient(window, sandbox, mia.wish)
  await pressConnect(window, mia.wish)
  const page = await signInPage(app, sandbox, mia.wish)
  await isAccessible(window, 'waiting for the sign-in')
  const [toolbar] = await app.signInToolbars()
  if (toolbar) {
    // A strip over the page of the vendor, and no document of its own.
    const strip = new AxeBuilder({ page: toolbar })
      .setLegacyMode()
      .disableRules(['landmark-one-main', 'page-has-heading-one', 'region'])
    expect.soft((await strip.analyze()).violations).toEqual([])
  }
  await signIn(page, sandbox, mia.wish)
  await window.getByRole('heading', { name: 'Which brand does this account answer for?' }).waitFor()
  await isAccessible(window, 'brand')
  await nameBrand(window, mia.brand, 'Go to inbox')
})

test('inbox, thread and their dialogs break no accessibility rule, and the focus is always seen', async ({
  launch,
  sandbox,
}) => {
  const app = await launch()
  const { window } = app
  await window.emulateMedia({ reducedMotion: 'reduce' })
  const [acme] = await inbox.startWork(app, sandbox, [mia])
  if (!acme) throw new Error('no account')
  await isAccessible(window, 'inbox')
  const question = await inbox.customerAsks(window, sandbox, acme, 'A torn sleeve')
  await sandbox.control.customerWrites(question.site, question.siteId, 'With a picture.', { picture: true })
  await sandbox.control.agentWrites(
    question.site,
    question.siteId,
    'jonas.keller@acme.example',
    'note',
    'See the batch.',
  )
  const link = '<a href="https://shop.example/">our shop</a><blockquote>older</blockquote>'
  await sandbox.control.agentWrites(question.site, question.siteId, 'jonas.keller@acme.example', 'reply', link)
  await inbox.find(window, question.id, question.subject)
  await expect(window.getByRole('article')).toHaveCount(4)
  const put = { host: question.site, method: 'PUT' }
  await sandbox.control.fail({ kind: 'status', status: 422, body: '{"error":"RecordInvalid"}', times: 9, target: put })
  await window.getByRole('region', { name: 'Messages' }).focus()
  await inbox.reply(window, 'This one is refused.')
  await window.getByRole('alert').waitFor()
  await isAccessible(window, 'thread with note, file and a refused reply')
  await inbox.conversations(window).focus()
  const stops = await tabThrough(window, 25)
  expect(stops).toContain('Reply')

  await window.getByRole('button', { name: /^Outbox/ }).click()
  await isAccessible(window, 'outbox')
  await window.keyboard.press('Escape')
  await window
    .getByRole('article', { name: 'Reply from Jonas Keller' })
    .locator('iframe')
    .contentFrame()
    .getByText('our shop')
    .click()
  await isAccessible(window, 'link dialog')
  await window.keyboard.press('Escape')
  await inbox.conversations(window).focus()
  await window.keyboard.press('?')
  await isAccessible(window, 'shortcuts')
  await window.keyboard.press('Escape')
  await inbox.chooseFilter(window, 'Status', 'Closed')
  await window.getByRole('searchbox', { name: 'Search conversations' }).fill('nothing like this')
  await window.getByText('Nothing found').waitFor()
  await isAccessible(window, 'nothing found')
})

test('accounts, brands and what they ask break no accessibility rule, and the focus is always seen', async ({
  launch,
  sandbox,
}) => {
  const app = await launch()
  const { window } = app
  await window.emulateMedia({ reducedMotion: 'reduce' })
  const [acme] = await inbox.startWork(app, sandbox, [mia])
  if (!acme) throw new Error('no account')
  await goToAccounts(window)
  const row = accountRow(window, 'Mia Berg', acme.siteLabel)
  await row.getByRole('button', { name: /^acme/ }).click()
  await isAccessible(window, 'accounts')
  await tabThrough(window, 12)
  await chooseAction(row, 'Remove')
  await window.getByRole('alertdialog').or(window.getByRole('dialog')).waitFor()
  await isAccessible(window, 'remove dialog')
  await window.keyboard.press('Escape')
  await window.getByRole('tab', { name: /^Brands/ }).click()
  await isAccessible(window, 'brands')
  await sandbox.control.revoke({ site: 'acme.zendesk.com' })
  await inbox.syncNow(window, acme.id)
  await window.getByRole('tab', { name: /^Accounts/ }).click()
  await expect(row).toContainText('Sign in again')
  await isAccessible(window, 'accounts that need a sign-in')
})

for (const keyring of ['locked', 'unavailable'] as const) {
  test(`the screen for a key store that is ${keyring} breaks no accessibility rule`, async ({ host, launch }) => {
    test.skip(host.kind === 'electron', 'Only the stand-in can play the key store')
    const app = await launch({ keyring })
    await app.window.getByRole('alert').waitFor()
    await isAccessible(app.window, `key store ${keyring}`)
    await tabThrough(app.window, 4)
  })
}
