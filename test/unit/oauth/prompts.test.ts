import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { OAuthSignIn } from '../../../main/connectors/connector.ts'
import type { Again } from '../../../main/oauth/sign-in-plan.ts'
import { type Authority, startAuthority } from './support/authority.ts'
import { type Desk, openDesk, testConnector } from './support/desk.ts'

let authority: Authority
let desk: Desk
beforeAll(async () => {
  authority = await startAuthority()
})
afterAll(() => authority.close())
afterEach(() => desk.close())

/** `prompt` of the page that signing in again shows, at a vendor with such a sign-in. */
async function promptAgain(signIn: Partial<OAuthSignIn>, again: Again): Promise<string | null> {
  const connector = testConnector()
  desk = await openDesk({ authority, connector })
  const { accountId } = await desk.connect()
  Object.assign(connector.signIn, signIn)
  let shown: string | null = null
  desk.window = async ({ authorizeUrl }) => {
    shown = new URL(authorizeUrl).searchParams.get('prompt')
    return { kind: 'closed' }
  }
  await desk.ended(desk.handshakes.reconnect(accountId ?? '', again).attemptId)
  return shown
}

const switchUser = { switchUser: true }
const askRights = { askRights: true }
const addScope = { scopes: ['tickets.delete'] }
const every: OAuthSignIn['prompts'] = ['login', 'select_account', 'consent']

describe('the questions a sign-in page is made to ask', () => {
  it.each<[string, Partial<OAuthSignIn>, Again, string | null]>([
    ['another user: who it is', { prompts: every }, switchUser, 'select_account'],
    [
      'another user, without a choice of accounts: the password',
      { prompts: ['login', 'consent'] },
      switchUser,
      'login',
    ],
    ['another user, at a vendor that knows none: nothing it could refuse', {}, switchUser, null],
    ['the rights again: what the app may do', { prompts: every }, askRights, 'consent'],
    ['one more right: what the app may do', { prompts: every }, addScope, 'consent'],
    ['the rights again, at a vendor that does not know it', { prompts: ['login'] }, askRights, null],
    ['the same user again: nothing', { prompts: every }, {}, null],
    [
      'what is always sent goes along',
      { prompts: every, authorizeParams: { prompt: 'login' } },
      askRights,
      'login consent',
    ],
    ['nothing is said twice', { prompts: every, authorizeParams: { prompt: 'consent' } }, askRights, 'consent'],
    [
      'a vendor that takes one at a time gets the one that matters now',
      { prompts: every, onePrompt: true, authorizeParams: { prompt: 'select_account' } },
      askRights,
      'consent',
    ],
  ])('%s', async (_name, signIn, again, prompt) => {
    expect(await promptAgain(signIn, again)).toBe(prompt)
  })
})
