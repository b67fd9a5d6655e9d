import { type DemoAccount, demoAccounts } from '../harness/demo-accounts.ts'
import * as inbox from '../harness/inbox-person.ts'
import { until } from '../harness/until.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { expect, test } from './fixtures.ts'

const { mia, tom, ines } = demoAccounts

test.use({ perShare: 11 })

/** Calls that change something at the vendor, the sign-in's and searches left out. */
async function writes(sandbox: Sandbox, host: string): Promise<string[]> {
  const all = await sandbox.control.requests({ host })
  return all
    .filter(({ method, path }) => method !== 'GET' && !/signin|oauth|\/search$|\/batch\/read$/.test(path))
    .map(({ method, path, status }) => `${method} ${path} ${status}`)
}

interface VendorWork {
  account: DemoAccount
  host: string
  /** How the details call a status that waits for the customer, and the one that ends the work. */
  pending: string
  /** What the vendor has after "Send and set to solved". */
  solved: string
  colleague: { name: string; email: string }
  tags: boolean
}

const vendors: VendorWork[] = [
  {
    account: mia,
    host: 'acme.zendesk.com',
    pending: 'Waiting for customer',
    solved: 'solved',
    colleague: { name: 'Jonas Keller', email: 'jonas.keller@acme.example' },
    tags: true,
  },
  {
    account: tom,
    host: 'acme-it.freshservice.com',
    pending: 'Waiting for user',
    solved: 'solved',
    colleague: { name: 'Nils Holm', email: 'nils.holm@acme.example' },
    tags: true,
  },
  {
    account: ines,
    host: 'api.hubapi.com',
    pending: 'Waiting on contact',
    solved: 'closed',
    colleague: { name: 'Karim Haddad', email: 'karim.haddad@lumen.example' },
    tags: false,
  },
]

for (const vendor of vendors) {
  test(`${vendor.account.wish.vendor} gets reply, note, status, priority, assignee and tags as decided, each once`, async ({
    launch,
    sandbox,
  }) => {
    const app = await launch()
    const { window } = app
    const [account] = await inbox.startWork(app, sandbox, [vendor.account])
    if (!account) throw new Error('no account')
    const question = await inbox.customerAsks(window, sandbox, account, 'Broken zip on my jacket')
    await inbox.find(window, question.id, question.subject)
    const state = () => sandbox.control.conversation(question.site, question.siteId)

    await inbox.chooseProperty(window, 'Priority', 'Urgent')
    await inbox.chooseProperty(window, 'Status', vendor.pending)
    await inbox.chooseProperty(window, 'Assignee', vendor.colleague.name)
    const details = window.getByRole('complementary', { name: 'Details' })
    await expect(details.getByRole('button', { name: 'Status' })).toContainText(vendor.pending)
    if (vendor.tags) {
      await details.getByRole('textbox', { name: 'Add a tag' }).fill('zip')
      await window.keyboard.press('Enter')
    } else await expect(details.getByRole('textbox', { name: 'Add a tag' })).toHaveCount(0)
    await expect.poll(state).toMatchObject({
      priority: expect.stringMatching(/urgent|high/),
      statusKind: 'pending',
      assignee: vendor.colleague.email,
      ...(vendor.tags && { tags: ['zip'] }),
    })

    await window.getByRole('region', { name: 'Messages' }).focus()
    await window.keyboard.press('n')
    await window.getByRole('textbox', { name: 'Note' }).fill('Third jacket of this batch.')
    await window.getByRole('button', { name: 'Add note' }).click()
    await inbox.replyConfirmed(window, 'Third jacket of this batch.')
    await expect(window.getByRole('article', { name: /^Private note from/ })).toContainText('Private note')
    await window.getByRole('region', { name: 'Messages' }).focus()
    await window.keyboard.press('r')
    await window
      .getByRole('textbox', { name: 'Reply' })
      .fill('A new jacket is on its way.\n\nSorry for the <zip> & the wait!')
    await window.getByRole('button', { name: 'Send and set the status' }).click()
    await window.getByRole('menuitem', { name: 'Send and set to solved' }).click()
    await expect
      .poll(() => inbox.receivedOf(sandbox, question))
      .toEqual([
        'note: Third jacket of this batch.',
        'reply: A new jacket is on its way. Sorry for the <zip> & the wait!',
      ])
    await expect.poll(async () => (await state()).statusKind).toBe(vendor.solved)
    await inbox.allSent(window)
    await expect(window.getByRole('article')).toHaveCount(3)
    await inbox.replyConfirmed(window, 'A new jacket is on its way.')
    const sent = await writes(sandbox, vendor.host)
    expect(sent, sent.join('\n')).toHaveLength(vendor.tags ? 7 : 6)
    await app.quit()
  })
}

test('a draft is there again after a restart, and gone after it was sent', async ({ launch, sandbox }) => {
  const app = await launch()
  const [account] = await inbox.startWork(app, sandbox, [mia])
  if (!account) throw new Error('no account')
  const question = await inbox.customerAsks(app.window, sandbox, account, 'Do you ship to Oslo?')
  await inbox.find(app.window, question.id, question.subject)
  await app.window.keyboard.press('r')
  await app.window.getByRole('textbox', { name: 'Reply' }).fill('Yes, we do. It takes')
  await expect(inbox.rowOf(app.window, question.id)).toContainText('Draft')
  await app.quit()

  const again = await launch()
  await expect(inbox.rowOf(again.window, question.id)).toContainText('Draft')
  await inbox.find(again.window, question.id, question.subject)
  const editor = again.window.getByRole('textbox', { name: 'Reply' })
  await expect(editor).toHaveValue('Yes, we do. It takes')
  await editor.press('End')
  await editor.pressSequentially(' four days.')
  await editor.press('Control+Enter')
  await expect.poll(() => inbox.receivedOf(sandbox, question)).toEqual(['reply: Yes, we do. It takes four days.'])
  await inbox.allSent(again.window)
  await expect(editor).toHaveValue('')
  await expect(inbox.rowOf(again.window, question.id)).not.toContainText('Draft')
})

test('a refused reply stays in view with the words of the vendor; it can be tried again or discarded', async ({
  launch,
  sandbox,
}) => {
  const app = await launch()
  const { window } = app
  const [account] = await inbox.startWork(app, sandbox, [mia])
  if (!account) throw new Error('no account')
  const question = await inbox.customerAsks(window, sandbox, account, 'Is my order lost?')
  await inbox.find(window, question.id, question.subject)
  const details = { status: [{ error: 'InvalidValue', description: 'Status: closed prevents ticket update' }] }
  const body = JSON.stringify({ error: 'RecordInvalid', description: 'Record validation errors', details })
  await sandbox.control.fail({
    kind: 'status',
    status: 422,
    body,
    times: 2,
    target: { host: question.site, method: 'PUT' },
  })

  await inbox.reply(window, 'It is on its way.')
  const refused = window.getByRole('article').filter({ hasText: 'It is on its way.' })
  await expect(refused.getByRole('alert')).toContainText('Status: closed prevents ticket update')
  await expect(inbox.rowOf(window, question.id)).toContainText('Not sent')
  await expect(window.getByRole('button', { name: 'Outbox: 1 unsent' })).toContainText('1 failed')
  expect(await inbox.receivedOf(sandbox, question)).toEqual([])

  await refused.getByRole('button', { name: 'Try again' }).click()
  await expect(refused.getByRole('alert')).toContainText('Status: closed prevents ticket update')
  await expect.poll(async () => (await sandbox.control.requests({ host: question.site, method: 'PUT' })).length).toBe(2)
  await refused.getByRole('button', { name: 'Try again' }).click()
  await expect.poll(() => inbox.receivedOf(sandbox, question)).toEqual(['reply: It is on its way.'])
  await inbox.allSent(window)
  await inbox.replyConfirmed(window, 'It is on its way.')

  await sandbox.control.fail({ kind: 'status', status: 422, body, target: { host: question.site, method: 'PUT' } })
  await inbox.reply(window, 'One more thing.')
  const second = window.getByRole('article').filter({ hasText: 'One more thing.' })
  await second.getByRole('button', { name: 'Discard' }).click()
  await expect(second).toHaveCount(0)
  await inbox.allSent(window)
  expect(await inbox.receivedOf(sandbox, question)).toEqual(['reply: It is on its way.'])
})

test('a lost answer, a throttled vendor and a dead line lead to one reply each, never to two', async ({
  launch,
  sandbox,
}) => {
  const app = await launch()
  const { window } = app
  const [account] = await inbox.startWork(app, sandbox, [mia])
  if (!account) throw new Error('no account')
  const question = await inbox.customerAsks(window, sandbox, account, 'Which size fits?')
  await inbox.find(window, question.id, question.subject)
  const put = { host: question.site, method: 'PUT' }
  const puts = () => sandbox.control.requests(put)

  await sandbox.control.fail({ kind: 'reset-after', target: put })
  await inbox.reply(window, 'Answer lost.')
  await expect(window.getByText('Checking whether it arrived')).toBeVisible()
  await inbox.allSent(window)
  expect(await puts()).toHaveLength(1)

  await sandbox.control.fail({ kind: 'reset', target: put })
  await inbox.reply(window, 'Request lost.')
  await expect(window.getByText('Checking whether it arrived')).toBeVisible()
  await inbox.allSent(window)
  expect(await puts(), 'a second try after the vendor was asked').toHaveLength(3)

  const headers = { 'retry-after': '4' }
  await sandbox.control.fail({
    kind: 'status',
    status: 429,
    headers,
    body: 'Number of allowed API requests',
    target: put,
  })
  await inbox.reply(window, 'Too many.')
  await until('the refusal', async () => (await puts())[3]?.status === 429)
  await inbox.allSent(window)
  const [refused, sent] = (await puts()).slice(3)
  expect((sent?.at ?? 0) - (refused?.at ?? 0), 'it waited as long as it was asked').toBeGreaterThanOrEqual(4000)
  expect(await inbox.receivedOf(sandbox, question)).toEqual([
    'reply: Answer lost.',
    'reply: Request lost.',
    'reply: Too many.',
  ])
  for (const text of ['Answer lost.', 'Request lost.', 'Too many.']) await inbox.replyConfirmed(window, text)
})

test('what is written offline is sent after reconnecting, also when the app was killed meanwhile', async ({
  launch,
  sandbox,
}) => {
  const app = await launch()
  const [account] = await inbox.startWork(app, sandbox, [mia])
  if (!account) throw new Error('no account')
  const question = await inbox.customerAsks(app.window, sandbox, account, 'Can I still return it?')
  await inbox.find(app.window, question.id, question.subject)

  await app.setOffline(true)
  await expect(app.window.getByText('You are offline.')).toBeVisible()
  await inbox.reply(app.window, 'Written on the train.')
  const waiting = app.window.getByRole('article').filter({ hasText: 'Written on the train.' })
  await expect(waiting).toContainText('Waiting to be sent')
  await expect(inbox.rowOf(app.window, question.id)).toContainText('Sending')
  expect(await inbox.receivedOf(sandbox, question)).toEqual([])
  await app.setOffline(false)
  await inbox.allSent(app.window)
  await expect(app.window.getByText('You are offline.')).toHaveCount(0)

  // Killed while it waits, and killed between the vendor's work and its answer.
  await app.setOffline(true)
  await expect(app.window.getByText('You are offline.')).toBeVisible()
  await inbox.reply(app.window, 'Killed while waiting.')
  await expect(app.window.getByText('Waiting to be sent')).toBeVisible()
  await app.kill()
  await sandbox.control.fail({ kind: 'delay-after', ms: 60_000, target: { host: question.site, method: 'PUT' } })
  const second = await launch()
  await until('the reply to reach the vendor', async () => (await inbox.receivedOf(sandbox, question)).length === 2)
  await second.kill()
  const third = await launch()
  await inbox.find(third.window, question.id, question.subject)
  await inbox.allSent(third.window)
  await inbox.replyConfirmed(third.window, 'Killed while waiting.')
  expect(await inbox.receivedOf(sandbox, question)).toEqual([
    'reply: Written on the train.',
    'reply: Killed while waiting.',
  ])
})
