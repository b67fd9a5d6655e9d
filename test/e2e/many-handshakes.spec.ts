import { mkdirSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import type { Page } from 'playwright'
import type { CallArgs, HandshakeView } from '../../preload/contract.ts'
import type { AppDriver } from '../harness/driver.ts'
import { accountsOf, signIn } from '../harness/person.ts'
import { until } from '../harness/until.ts'
import { PocketBrowser } from '../sandbox/browser.ts'
import { type SandboxFetch, sandboxFetch } from '../sandbox/client.ts'
import { registeredRedirectUris } from '../sandbox/directory.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { sealdeskManifest } from '../sandbox/vendors/sealdesk/sealdesk.ts'
import { expect, test } from './fixtures.ts'

type Way = Pick<CallArgs<'accounts.connect'>, 'way' | 'redirect'>

/**
 * Fifty sign-ins at the same time. Four of them have a window of the app: each window is a renderer of its own beside the app's, and more of
 * them at once only show how slow two cores are. The other forty-six go through the system browser in all three ways its answer comes back.
 */
const windows = 4
const ways: Way[] = Array.from({ length: 50 }, (_, place) =>
  place < windows
    ? { way: 'auth-window', redirect: 'handover' }
    : { way: 'system-browser', redirect: (['handover', 'app', 'loopback'] as const)[place % 3] ?? 'handover' },
)
const host = 'id-crowd.sealdesk.example'
const site = 'sealdesk-crowd'
const deepLink = 'app.manydesk://oauth/callback'

declare global {
  interface Window {
    ended: Record<string, HandshakeView>
  }
}

interface Begun extends Way {
  attemptId: string
  email: string
  /** Where the browser was sent to. */
  page: string | null
  /** The answer, as the browser would deliver it. */
  answer: string | null
  /** The sign-in window of the app, where the way has one. */
  window: Page | null
}

test.use({ perShare: 10 })

test('fifty sign-ins open at once, answered in any order, twice and among forged ones: each lands on its own account', async ({
  launch,
  sandbox,
  profile,
}) => {
  test.setTimeout(480_000)
  mkdirSync(join(profile, 'connectors'), { recursive: true })
  writeFileSync(join(profile, 'connectors', 'sealdesk.json'), sealdeskManifest())
  const app = await launch()
  await app.window.evaluate(() => {
    window.ended = {}
    window.manydesk.on('handshake.changed', (view) => {
      if (view.step === 'done' || view.step === 'failed') window.ended[view.attemptId] = view
    })
  })
  const network = sandboxFetch(sandbox)
  const begun: Begun[] = []
  for (const [place, way] of ways.entries()) {
    const one = await begin(app, way, `agent-${place + 1}@crowd.example`)
    if (one.page !== null) one.answer = await answerOf(network.fetch, sandbox, one)
    begun.push(one)
  }
  await network.close()
  expect(await ended(app), 'all fifty wait').toEqual({})
  expect(await accountsOf(app.window)).toEqual([])

  const order = begun.map((one, place) => ({ one, at: (place * 17 + 5) % begun.length })).sort((a, b) => a.at - b.at)
  for (const [turn, { one }] of order.entries()) {
    await forge(app, turn, one, begun)
    await deliver(app, sandbox, one)
    if (turn % 3 === 0) await deliver(app, sandbox, one)
  }
  const open = async () => {
    const views = await ended(app)
    return begun
      .filter(({ attemptId }) => views[attemptId] === undefined)
      .map(({ way, redirect, email }) => `${email} ${way} ${redirect}`)
  }
  await expect.poll(open, { timeout: 60_000 }).toEqual([])
  const views = await ended(app)
  const accounts = await accountsOf(app.window)
  const landed = begun.map(({ attemptId }) => accounts.find(({ id }) => id === views[attemptId]?.accountId)?.user.email)
  expect(Object.values(views).flatMap(({ error }) => error ?? [])).toEqual([])
  expect(landed).toEqual(begun.map(({ email }) => email))
  expect(accounts).toHaveLength(50)
  const redeemed = await sandbox.control.requests({ method: 'POST', host, path: '/oauth2/token' })
  const codes = redeemed.filter(({ status, body }) => status === 200 && String(body).includes('authorization_code'))
  expect(codes, 'no code was redeemed twice').toHaveLength(50)
})

/** Starts one sign-in and waits until its page is there; the page in the browser is closed again, and read elsewhere. */
async function begin(app: AppDriver, way: Way, email: string): Promise<Begun> {
  const known = new Set(await app.openedLinks())
  const attemptId = await app.window.evaluate(async (chosen) => {
    const client = { clientId: 'seal-public-manydesk', clientSecret: null }
    const answer = await window.manydesk.accounts.connect({
      vendor: 'sealdesk',
      site: { shop: 'crowd' },
      client,
      ...chosen,
    })
    if (!answer.ok) throw new Error(answer.error.message)
    return answer.value.attemptId
  }, way)
  if (way.way === 'auth-window') {
    return { ...way, attemptId, email, page: null, answer: null, window: await app.signInPage(host) }
  }
  const page = await until('the page', async () => (await app.openedLinks()).find((url) => !known.has(url)) ?? null)
  await (await app.browserPage(host)).close()
  return { ...way, attemptId, email, page, answer: null, window: null }
}

async function answerOf(fetch: SandboxFetch, { directory }: Sandbox, { page, email }: Begun): Promise<string> {
  const password = directory.users.find((user) => user.email === email && user.sites.includes(site))?.password ?? ''
  const browser = new PocketBrowser(fetch, [...registeredRedirectUris, 'http://127.0.0.1:'])
  let landing = await browser.open(page ?? '')
  if (landing.kind === 'page') landing = await browser.submit(landing.page, 'login', { email, password })
  if (landing.kind === 'page') landing = await browser.submit(landing.page, 'allow')
  if (landing.kind === 'page') throw new Error(`the pages ended at ${landing.page.url}`)
  return landing.url.href
}

async function deliver(app: AppDriver, sandbox: Sandbox, one: Begun): Promise<void> {
  if (one.window !== null) return inWindow(one.window, sandbox, one.email)
  if (one.answer === null) throw new Error(`nothing came back for ${one.email}`)
  if (one.redirect === 'loopback') return void (await browse(one.answer))
  // What the hand-over page does with its address.
  await app.deepLink(one.answer.replace(/^[^?]+/, deepLink))
}

/** A window is answered once: it closes with its answer. */
async function inWindow(page: Page, sandbox: Sandbox, email: string): Promise<void> {
  if (page.isClosed()) return
  await signIn(page, sandbox, { vendor: 'Sealdesk', fields: {}, site, email, way: 'auth-window' })
  if (!page.isClosed()) await page.waitForEvent('close')
}

/** A guessed state, the state of another sign-in at the wrong place, and a code that nobody gave. */
async function forge(app: AppDriver, turn: number, one: Begun, all: Begun[]): Promise<void> {
  const forged = `code=forged-${turn}&state=${String(turn % 10).repeat(64)}`
  if (one.redirect === 'loopback' && one.answer !== null) {
    const { origin, pathname } = new URL(one.answer)
    expect(await browse(`${origin}${pathname}?${forged}`)).toBe(404)
    const other = all.find(({ answer, attemptId }) => answer?.startsWith('http://127') && attemptId !== one.attemptId)
    expect(await browse(`${origin}${pathname}${new URL(other?.answer ?? '').search}`)).toBe(404)
  } else if (turn % 5 === 0) await app.deepLink(`${deepLink}?${forged}`)
}

/** The status, or null where nobody listens any more. */
function browse(url: string): Promise<number | null> {
  return new Promise((resolve) => {
    request(url, { agent: false }, (answer) => answer.resume().on('end', () => resolve(answer.statusCode ?? null)))
      .on('error', () => resolve(null))
      .end()
  })
}

const ended = (app: AppDriver) => app.window.evaluate(() => window.ended)
