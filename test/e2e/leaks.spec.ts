import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { demoAccounts } from '../harness/demo-accounts.ts'
import type { AppDriver } from '../harness/driver.ts'
import { goToInbox, listOf, openById, reply, replyConfirmed, threadLoaded } from '../harness/inbox-person.ts'
import {
  found,
  foundInFiles,
  handshakeNeedles,
  heapOf,
  heard,
  listenIn,
  needles,
  typedNeedle,
} from '../harness/leaks.ts'
import {
  chooseSite,
  connectAccount,
  everythingSynced,
  goToAccounts,
  pasteSecret,
  pressConnect,
  signIn,
  signInPage,
  startConnecting,
} from '../harness/person.ts'
import { until } from '../harness/until.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { expect, test } from './fixtures.ts'

const { mia, tom, ines } = demoAccounts
const wrongSecret = 'wrong-secret-0f9e8d7c6b5a4938'

/** Two sign-ins that fail: one with a wrong secret, one that is denied. */
async function failTwice(app: AppDriver, sandbox: Sandbox): Promise<void> {
  const { window } = app
  await chooseSite(window, mia.wish)
  await window.getByLabel('Client ID', { exact: true }).fill(mia.wish.clientId ?? '')
  await pasteSecret(window, wrongSecret)
  await pressConnect(window, mia.wish)
  await signIn(await signInPage(app, sandbox, mia.wish), sandbox, mia.wish)
  await expect(window.getByRole('heading', { name: 'The OAuth client was not accepted' })).toBeVisible()
  await window.getByRole('button', { name: 'Close', exact: true }).last().click()
  await startConnecting(app, sandbox, mia.wish)
  await signIn(await signInPage(app, sandbox, mia.wish), sandbox, mia.wish, 'Deny')
  await expect(window.getByRole('heading', { name: 'Access was not granted' })).toBeVisible()
  await window.getByRole('button', { name: 'Close', exact: true }).last().click()
}

/** Reads, answers, and renews the access of every account. */
async function work(app: AppDriver, sandbox: Sandbox): Promise<void> {
  const { window } = app
  const accounts = await everythingSynced(window)
  await goToInbox(window)
  const [row] = await listOf(window, {
    limit: 1,
    accountId: accounts.find(({ vendor }) => vendor === 'zendesk')?.id ?? '',
  })
  if (!row) throw new Error('The inbox is empty')
  await openById(window, row.id, row.subject)
  await threadLoaded(window)
  await reply(window, 'Your parcel is on its way.')
  await replyConfirmed(window, 'Your parcel is on its way.')
  await sandbox.control.expireAccessTokens()
  const known = new Set((await sandbox.control.tokens()).map(({ value }) => value))
  await window.evaluate(() => globalThis.window.manydesk.accounts.syncNow({}))
  await until('every account to be renewed', async () => {
    const fresh = (await sandbox.control.tokens()).filter((token) => token.kind === 'access' && !known.has(token.value))
    return new Set(fresh.map(({ site }) => site)).size === accounts.length
  })
  await everythingSynced(window)
}

test('no secret of a whole day of work crosses to the window, stays in its memory, or reaches a log or file', async ({
  launch,
  sandbox,
  profile,
  host,
}) => {
  test.setTimeout(180_000)
  const app = await launch()
  await listenIn(app.window)
  await failTwice(app, sandbox)
  await connectAccount(app, sandbox, mia.wish, mia.brand, 'Connect another')
  await connectAccount(app, sandbox, tom.wish, tom.brand, 'Connect another')
  await connectAccount(app, sandbox, ines.wish, ines.brand)
  await work(app, sandbox)
  await goToAccounts(app.window)
  await goToInbox(app.window)

  const secrets = [...(await needles(sandbox)), ...(await handshakeNeedles(sandbox)), typedNeedle(wrongSecret)]
  const seenByVendors = found(secrets, JSON.stringify(await sandbox.control.requests()))
  for (const kind of ['code', 'access_token', 'refresh_token', 'client_secret', 'password', 'handshake', 'typed']) {
    expect(
      seenByVendors.filter((name) => name.startsWith(`${kind} `)).length,
      `${kind} can be found at all`,
    ).toBeGreaterThan(0)
  }

  const crossed = await heard(app.window)
  if (host.kind === 'standin') {
    expect(crossed.filter((text) => text.includes(mia.wish.email)).length).toBeGreaterThan(0)
    expect(crossed.filter((text) => text.includes('exchanging')).length).toBeGreaterThan(0)
  }
  expect(found(secrets, crossed.join('\n')), 'answers and events').toEqual([])

  const heap = await heapOf(app.window)
  // Plain letters: a snapshot writes others as numbers. A whole snapshot as the text of a failure would take minutes to print.
  expect(heap.includes(mia.wish.email), 'the snapshot holds what the window knows').toBe(true)
  expect(found(secrets, heap), 'memory of the window').toEqual([])

  await app.quit()
  expect(found(secrets, app.output()), 'standard output and error').toEqual([])
  expect(existsSync(join(profile, 'audit', 'audit-000001.jsonl')), 'the audit log is among the files').toBe(true)
  // The sessions of the accounts keep the vendors' own cookies there, as any browser does.
  expect(foundInFiles(secrets, profile, ['Partitions']), 'files').toEqual([])
})
