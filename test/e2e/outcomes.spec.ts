import type { Page } from 'playwright'
import { demoAccounts } from '../harness/demo-accounts.ts'
import {
  accountRow,
  accountsOf,
  chooseAction,
  connectAccount,
  goToAccounts,
  logIn,
  nameBrand,
  signIn,
  signInPage,
  startConnecting,
} from '../harness/person.ts'
import { until } from '../harness/until.ts'
import { expect, test } from './fixtures.ts'

const { mia, jonas } = demoAccounts
const site = mia.wish.site
const tokens = { host: site, method: 'POST', path: '/oauth/tokens' }

/** The outcome page: its title, the sentence of what happened, and the first thing to do. */
async function told(window: Page, title: string, sentence: string, first: string): Promise<void> {
  await expect(window.getByRole('heading', { name: title, exact: true })).toBeVisible()
  await expect(window.getByRole('definition').filter({ hasText: sentence }).first()).toBeVisible()
  await expect(window.getByRole('button', { name: first, exact: true })).toBeFocused()
}

test('a person who does not finish signing in is told how it ended, and tries again without typing anything anew', async ({
  launch,
  sandbox,
}) => {
  const app = await launch()
  const { window } = app
  const tryAgain = async () => {
    await window.getByRole('button', { name: 'Try again', exact: true }).click()
    return signInPage(app, sandbox, mia.wish)
  }
  await startConnecting(app, sandbox, mia.wish)
  await signIn(await signInPage(app, sandbox, mia.wish), sandbox, mia.wish, 'Deny')
  await told(
    window,
    'Access was not granted',
    'The request was not allowed at Zendesk, so nothing was connected.',
    'Try again',
  )
  await expect(window.getByText('Connect again and choose Allow.')).toBeVisible()

  const cancelledHere = await tryAgain()
  await cancelledHere.getByLabel('Email').waitFor()
  const [toolbar] = await app.signInToolbars()
  if (!toolbar) throw new Error('The sign-in window has no toolbar')
  await expect(toolbar.getByLabel('Address of this page')).toHaveText('acme.zendesk.com')
  await toolbar.getByRole('button', { name: 'Cancel' }).click({ noWaitAfter: true })
  await told(window, 'Sign-in cancelled', `Signing in to ${site} was cancelled.`, 'Try again')

  await app.closeSignInWindow(await tryAgain())
  await told(window, 'The sign-in window was closed', `The sign-in window for ${site} was closed.`, 'Try again')
  await expect(window.getByRole('button', { name: 'Use the system browser instead' })).toBeVisible()

  await (await tryAgain()).getByLabel('Email').waitFor()
  await window.getByRole('button', { name: 'Cancel', exact: true }).click()
  await told(window, 'Sign-in cancelled', `Signing in to ${site} was cancelled.`, 'Try again')
  await expect.poll(() => app.signInToolbars()).toEqual([])

  const foreign = await tryAgain()
  await foreign.getByLabel('Email').waitFor()
  await foreign.evaluate(() => location.assign('app.manydesk://oauth/callback?code=planted&state=foreign'))
  await expect(window.getByRole('heading', { name: `Sign in at ${site}` })).toBeVisible()
  await foreign.evaluate(() =>
    location.assign('https://connect.manydesk.app/oauth/callback?code=planted&state=foreign'),
  )
  await told(
    window,
    'The answer did not belong to this sign-in',
    'The answer did not belong to this sign-in at Zendesk.',
    'Try again',
  )
  expect(await sandbox.control.requests(tokens), 'no code was ever redeemed').toEqual([])

  const last = await tryAgain()
  await last.getByLabel('Email').waitFor()
  await last.evaluate(() => {
    const frame = document.createElement('iframe')
    frame.src = 'https://connect.manydesk.app/oauth/callback?code=framed&state=framed'
    document.body.append(frame)
  })
  await signIn(last, sandbox, mia.wish)
  await nameBrand(window, mia.brand, 'Go to inbox')
  expect(await sandbox.control.requests(tokens)).toHaveLength(1)
})

test('a wrong client secret and a failing token endpoint each have their sentence, and the next try works', async ({
  launch,
  sandbox,
}) => {
  const app = await launch()
  const { window } = app
  const again = async (before?: () => Promise<void>) => {
    await before?.()
    await window.getByRole('button', { name: 'Try again', exact: true }).click()
    await signIn(await signInPage(app, sandbox, mia.wish), sandbox, mia.wish)
  }
  await startConnecting(app, sandbox, mia.wish)
  await signInPage(app, sandbox, mia.wish)
  await window.getByRole('button', { name: 'Cancel', exact: true }).click()
  await window.getByRole('button', { name: 'Edit client' }).click()
  const secret = window.getByRole('textbox', { name: 'Client secret' })
  const right = await secret.inputValue()
  await secret.fill('not-the-secret')
  await window.getByRole('button', { name: 'Connect', exact: true }).click()
  await signIn(await signInPage(app, sandbox, mia.wish), sandbox, mia.wish)
  await told(window, 'The OAuth client was not accepted', 'Zendesk did not accept this OAuth client.', 'Edit client')
  await window.getByRole('button', { name: 'Edit client' }).click()
  await secret.fill(right)
  await sandbox.control.fail({ kind: 'html', target: tokens })
  await window.getByRole('button', { name: 'Connect', exact: true }).click()
  await signIn(await signInPage(app, sandbox, mia.wish), sandbox, mia.wish)
  await told(
    window,
    'The site has a problem of its own',
    'Zendesk has trouble signing people in right now.',
    'Try again',
  )

  await again(() => sandbox.control.fail({ kind: 'status', status: 500, target: tokens }))
  await told(
    window,
    'The site has a problem of its own',
    'Zendesk has trouble signing people in right now.',
    'Try again',
  )

  await again(() => sandbox.control.fail({ kind: 'malformed', target: tokens }))
  await told(
    window,
    'The answer could not be understood',
    'Zendesk answered in a way Manydesk does not understand.',
    'Try again',
  )

  await again(() => sandbox.control.fail({ kind: 'reset', target: tokens }))
  await told(window, 'The site could not be reached', 'Zendesk cannot be reached.', 'Try again')

  expect(await accountsOf(window)).toEqual([])
  await again()
  await nameBrand(window, mia.brand, 'Go to inbox')
})

test('a code that ran out, an unreachable sign-in page and a network loss in between end clearly', async ({
  launch,
  sandbox,
}) => {
  const app = await launch()
  const { window } = app
  const waiting = () => sandbox.control.requests(tokens)
  await sandbox.control.offline([site])
  await startConnecting(app, sandbox, mia.wish)
  await told(window, 'The site could not be reached', 'cannot be reached.', 'Try again')
  await sandbox.control.online()

  await sandbox.control.fail({ kind: 'delay', ms: 3000, target: tokens })
  await window.getByRole('button', { name: 'Try again', exact: true }).click()
  await signIn(await signInPage(app, sandbox, mia.wish), sandbox, mia.wish)
  await until('the code to be on its way', async () => (await waiting()).length === 1)
  await sandbox.control.expireCodes()
  await told(window, 'The sign-in was not accepted', 'Zendesk asks you to sign in again.', 'Try again')

  await window.getByRole('button', { name: 'Try again', exact: true }).click()
  const page = await signInPage(app, sandbox, mia.wish)
  await logIn(page, sandbox, mia.wish)
  const allow = page.getByRole('button', { name: 'Allow', exact: true })
  await allow.waitFor()
  await sandbox.control.fail({ kind: 'reset', times: 100, target: { host: site, path: '/api/' } })
  await allow.click({ noWaitAfter: true })
  await told(window, 'The site could not be reached', 'cannot be reached.', 'Try again')
  await sandbox.control.clearFaults()
  expect(await accountsOf(window)).toEqual([])
  await window.getByRole('button', { name: 'Close', exact: true }).last().click()
  await expect(window.getByRole('button', { name: 'Connect your first account' })).toBeVisible()
})

test('a client the vendor does not know stays on the vendor page, and closing it leads back', async ({
  launch,
  sandbox,
}) => {
  const app = await launch()
  const { window } = app
  await startConnecting(app, sandbox, { ...mia.wish, clientId: 'manydesk_nova' })
  const page = await signInPage(app, sandbox, mia.wish)
  await expect(page.getByRole('alert')).toBeVisible()
  await expect(window.getByRole('heading', { name: `Sign in at ${site}` })).toBeVisible()
  await app.closeSignInWindow(page)
  await told(window, 'The sign-in window was closed', `The sign-in window for ${site} was closed.`, 'Try again')
})

test('reconnecting as another user changes nothing and asks for the right one', async ({ launch, sandbox }) => {
  const app = await launch()
  const { window } = app
  await connectAccount(app, sandbox, mia.wish, mia.brand)
  const [before] = await accountsOf(window)
  await goToAccounts(window)
  await chooseAction(accountRow(window, 'Mia Berg', site), 'Reconnect')
  const page = await signInPage(app, sandbox, mia.wish)
  await signIn(page, sandbox, jonas.wish)
  await told(
    window,
    'Another user signed in',
    `You signed in as Jonas Keller, but this account is Mia Berg at ${site}. Nothing was changed.`,
    'Try again',
  )
  await expect(
    window.getByText('Sign in as mia.berg@acme.example, or connect Jonas Keller as a new account.'),
  ).toBeVisible()
  expect(await accountsOf(window)).toMatchObject([{ id: before?.id, state: 'connected', user: before?.user }])
  const jonasTokens = await sandbox.control.tokens({ site, user: jonas.wish.email })
  expect(
    jonasTokens.filter(({ state }) => state === 'live'),
    'what Jonas granted was given back',
  ).toEqual([])

  // The window has forgotten Jonas: he is not signed in by himself next time.
  await window.getByRole('button', { name: 'Try again', exact: true }).click()
  await signIn(await signInPage(app, sandbox, mia.wish), sandbox, mia.wish)
  await expect(window.getByRole('heading', { name: 'Signed in again' })).toBeVisible()
  await window.getByRole('button', { name: 'Go to inbox' }).click()
  expect(await accountsOf(window)).toMatchObject([{ id: before?.id, brandId: before?.brandId, state: 'connected' }])
})
