import type { Page } from 'playwright'
import type { ListQuery } from '../../preload/contract.ts'
import { demoAccounts } from '../harness/demo-accounts.ts'
import * as inbox from '../harness/inbox-person.ts'
import { countsOf } from '../harness/person.ts'
import { expect, test } from './fixtures.ts'

const { mia, pia, tom } = demoAccounts

test.use({ perShare: 17 })

/** Ids of the rows that are drawn, from top to bottom. */
function drawn(window: Page): Promise<string[]> {
  return inbox
    .conversations(window)
    .getByRole('option')
    .evaluateAll((rows) =>
      rows
        .sort((a, b) => Number(a.getAttribute('aria-posinset')) - Number(b.getAttribute('aria-posinset')))
        .map((row) => row.id.replace('conversation-', '')),
    )
}

/** The list on screen begins with exactly the conversations the query finds, in that order. */
async function showsFirstOf(window: Page, query: Omit<ListQuery, 'limit'>): Promise<void> {
  const expected = (await inbox.listOf(window, { ...query, limit: 8 })).map(({ id }) => id)
  expect(expected.length, 'the filter lets something through').toBeGreaterThan(0)
  await expect.poll(async () => (await drawn(window)).slice(0, expected.length)).toEqual(expected)
}

test('several brands stand in one list, newest first, and filters and search narrow it together', async ({
  launch,
  sandbox,
}) => {
  const app = await launch()
  const { window } = app
  const [acme, nova, it] = await inbox.startWork(app, sandbox, [mia, pia, tom])
  if (!acme || !nova || !it) throw new Error('no accounts')
  const all = await inbox.listOf(window, { limit: 200 })
  expect(new Set(all.map(({ accountId }) => accountId)).size, 'all three stand among the newest').toBe(3)
  const times = all.map(({ updatedAt }) => updatedAt)
  expect(times).toEqual([...times].sort((a, b) => b - a))
  await showsFirstOf(window, {})

  // Every conversation once, from the first to the last.
  const total = (await countsOf(window)).total.all
  expect(total).toBe(
    (
      await Promise.all(
        [acme, nova, it].map(
          async ({ siteLabel }) => (await sandbox.control.conversationIds(siteLabel, { limit: 10_000 })).length,
        ),
      )
    ).reduce((sum, each) => sum + each, 0),
  )
  const seen: string[] = []
  const list = inbox.conversations(window)
  await expect
    .poll(
      async () => {
        for (const id of await drawn(window)) if (!seen.includes(id)) seen.push(id)
        await list.evaluate((element) => element.scrollBy(0, 600))
        return seen.length
      },
      { intervals: [50], timeout: 30_000 },
    )
    .toBe(total)
  await expect(list.getByRole('option').last()).toHaveAttribute('aria-setsize', String(total))
  await list.evaluate((element) => element.scrollTo(0, 0))

  await inbox.chooseFilter(window, 'Brand', 'Nova Audio')
  await showsFirstOf(window, { brandId: nova.brandId ?? '' })
  await expect(
    window.getByRole('navigation', { name: 'Views' }).getByRole('heading', { name: 'Nova Audio' }),
  ).toBeVisible()
  await inbox.chooseFilter(window, 'Status', 'Open')
  await inbox.chooseFilter(window, 'Status', 'Pending')
  await showsFirstOf(window, { brandId: nova.brandId ?? '', statuses: ['open', 'pending'] })
  await inbox.chooseFilter(window, 'Account', `Zendesk ${acme.siteLabel}`)
  await inbox.chooseFilter(window, 'Assignee', 'Mine')
  await showsFirstOf(window, { accountId: acme.id, statuses: ['open', 'pending'], assignee: 'me' })
  const mine = await inbox.listOf(window, {
    accountId: acme.id,
    statuses: ['open', 'pending'],
    assignee: 'me',
    limit: 200,
  })
  expect(new Set(mine.map(({ assigneeName, status }) => `${assigneeName} ${status}`))).toEqual(
    new Set(['Mia Berg open', 'Mia Berg pending']),
  )
  await window.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: /^All/ }).click()
  await inbox.chooseFilter(window, 'Account', 'All accounts')
  await window.getByRole('search').getByRole('button', { name: 'Unread' }).click()
  await showsFirstOf(window, { unreadOnly: true })
  await window.getByRole('search').getByRole('button', { name: 'Unread' }).click()

  const words = window.getByRole('searchbox', { name: 'Search conversations' })
  for (const [text, account] of [
    ['佐藤', nova],
    ['Müller', it],
    ['muller', it],
    ['الحداد', acme],
  ] as const) {
    await words.fill(text)
    await showsFirstOf(window, { text })
    const found = await inbox.listOf(window, { text, limit: 50 })
    expect(
      found.every(({ accountId }) => accountId === account.id),
      text,
    ).toBe(true)
  }
  await inbox.chooseFilter(window, 'Brand', 'Nova Audio')
  await words.fill('zzz-no-such-word')
  await expect(window.getByText('Nothing found for “zzz-no-such-word”')).toBeVisible()
  await window.getByRole('button', { name: 'Clear search and filters' }).click()
  await showsFirstOf(window, {})
})

test('the everyday path needs no mouse', async ({ launch, sandbox }) => {
  const app = await launch()
  const { window } = app
  const [acme] = await inbox.startWork(app, sandbox, [mia])
  if (!acme) throw new Error('no account')
  const second = await inbox.customerAsks(window, sandbox, acme, 'Do the boots run small?')
  const first = await inbox.customerAsks(window, sandbox, acme, 'Where is my tent?')
  await expect.poll(async () => (await drawn(window)).slice(0, 2)).toEqual([first.id, second.id])
  const { keyboard } = window
  const heading = (name: string) => window.getByRole('heading', { name, level: 1 })
  const list = inbox.conversations(window)

  await keyboard.press('j')
  await expect(heading('Where is my tent?')).toBeVisible()
  await keyboard.press('j')
  await expect(heading('Do the boots run small?')).toBeVisible()
  await keyboard.press('k')
  await expect(heading('Where is my tent?')).toBeVisible()
  await expect(list).toHaveAttribute('aria-activedescendant', `conversation-${first.id}`)
  await inbox.threadLoaded(window)
  await keyboard.press('Escape')
  await expect(list).toBeFocused()
  await keyboard.press('Enter')
  await expect(window.getByRole('region', { name: 'Messages' })).toBeFocused()

  await keyboard.press('n')
  await expect(window.getByRole('textbox', { name: 'Note' })).toBeFocused()
  await keyboard.type('Tents: see jrne, n/e.')
  await keyboard.press('Control+Enter')
  await expect.poll(() => inbox.receivedOf(sandbox, first)).toEqual(['note: Tents: see jrne, n/e.'])
  await keyboard.press('Escape')
  await expect(list).toBeFocused()
  await keyboard.press('r')
  await expect(window.getByRole('textbox', { name: 'Reply' })).toBeFocused()
  await keyboard.type('It leaves today.')
  await keyboard.press('Control+Enter')
  await expect.poll(() => inbox.receivedOf(sandbox, first)).toContain('reply: It leaves today.')
  await keyboard.press('Escape')
  await keyboard.press('e')
  await expect
    .poll(async () => (await sandbox.control.conversation(first.site, first.siteId)).statusKind)
    .toBe('solved')
  await expect(heading('Where is my tent?')).toHaveCount(0)

  await keyboard.press('/')
  await expect(window.getByRole('searchbox', { name: 'Search conversations' })).toBeFocused()
  await keyboard.type('boots run')
  await expect.poll(() => drawn(window)).toEqual([second.id])
  await keyboard.press('Enter')
  await expect(list).toBeFocused()
  await keyboard.press('?')
  await expect(window.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  await keyboard.press('Escape')
  await expect(window.getByRole('dialog')).toHaveCount(0)
})

test('what customers write meanwhile arrives without disturbing the reader, and counts follow what is read', async ({
  launch,
  sandbox,
}) => {
  const app = await launch()
  const { window } = app
  const [acme, nova] = await inbox.startWork(app, sandbox, [mia, pia])
  if (!acme || !nova) throw new Error('no accounts')
  const question = await inbox.customerAsks(window, sandbox, acme, 'Is the stove safe?')
  await inbox.readAhead(window)
  const before = (await countsOf(window)).byBrand[acme.brandId ?? '']?.unread ?? 0
  const tile = (unread: number) =>
    window.getByRole('option', { name: unread === 0 ? 'Acme Outdoor' : `Acme Outdoor, ${unread} unread`, exact: true })
  await expect(tile(before)).toBeVisible()
  await inbox.find(window, question.id, question.subject)
  await expect(tile(before - 1)).toBeVisible()
  await expect(inbox.rowOf(window, question.id)).not.toHaveAccessibleName(/unread/)
  const editor = window.getByRole('textbox', { name: 'Reply' })
  await editor.fill('Half a sentence')

  await sandbox.control.customerWrites(question.site, question.siteId, 'It smells of gas now.')
  const other = await inbox.customerAsks(window, sandbox, nova, 'My record skips')
  await expect.poll(async () => (await drawn(window))[0]).toBe(other.id)
  await inbox.syncNow(window, acme.id)
  await expect.poll(() => inbox.messagesWith(window, 'It smells of gas now.')).toBe(1)
  await expect.poll(async () => (await drawn(window)).slice(0, 2)).toEqual([other.id, question.id])
  await expect(inbox.rowOf(window, question.id)).toHaveAttribute('aria-selected', 'true')
  await expect(editor).toHaveValue('Half a sentence')
  await expect(editor).toBeFocused()

  // While it is scrolled down the list stands still and says what waits above.
  const list = inbox.conversations(window)
  await list.evaluate((element) => element.scrollTo(0, 1500))
  await expect.poll(() => drawn(window)).not.toContain(other.id)
  const standing = await list.evaluate((element) => element.scrollTop)
  const newest = await inbox.customerAsks(window, sandbox, nova, 'And now it hums')
  await window.getByRole('button', { name: '1 new' }).click()
  expect(standing).toBe(1500)
  await expect.poll(async () => (await drawn(window))[0]).toBe(newest.id)
  await expect.poll(() => list.evaluate((element) => element.scrollTop)).toBe(0)

  // Unread again by hand.
  await list.focus()
  await expect(tile(before - 1), 'what came in while it was read is read').toBeVisible()
  await window.keyboard.press('u')
  await expect(tile(before)).toBeVisible()
})

test('the details tell who asks and lead to the page of the vendor', async ({ launch, sandbox }) => {
  const app = await launch()
  const { window } = app
  const [acme] = await inbox.startWork(app, sandbox, [mia])
  if (!acme) throw new Error('no account')
  const question = await inbox.customerAsks(window, sandbox, acme, 'Invoice for my tent')
  await sandbox.control.change(question.site, question.siteId, {
    priority: 'high',
    assignee: 'jonas.keller@acme.example',
    tags: ['vip', 'eu'],
  })
  await inbox.syncNow(window, acme.id)
  await inbox.find(window, question.id, question.subject)
  const truth = await sandbox.control.conversation(question.site, question.siteId)
  const details = window.getByRole('complementary', { name: 'Details' })
  await expect(details.getByRole('region', { name: 'Customer' })).toContainText(truth.customer.name)
  await expect(details.getByRole('region', { name: 'Customer' })).toContainText(truth.customer.email)
  await expect(details.getByRole('button', { name: 'Priority' })).toContainText('High')
  await expect(details.getByRole('button', { name: 'Assignee' })).toContainText('Jonas Keller')
  await expect(details.getByRole('button', { name: 'Remove vip' })).toBeVisible()
  await expect(details).toContainText(`#${question.siteId}`)
  await expect(details).toContainText('E-mail')
  await details.getByRole('button', { name: 'Open in Zendesk' }).click()
  await expect.poll(() => app.openedLinks()).toContain(`https://acme.zendesk.com/agent/tickets/${question.siteId}`)
})
