import { describe, expect, it } from 'vitest'
import { forecast } from '../../../main/health/forecast.ts'
import type { AccountFacts, AccountHealth, NotCurrent } from '../../../main/health/model.ts'
import { trayNews } from '../../../main/workstation/tray-news.ts'
import { asAny } from '../desktop/fakes.ts'
import { day, factsOf, start } from '../health/facts.ts'

const health = (
  accountId: string,
  facts: Partial<AccountFacts>,
  notCurrent: NotCurrent | null = null,
  attention = true,
) => asAny<AccountHealth>({ accountId, attention, notCurrent, forecast: forecast(factsOf(facts), start) })
const accounts = ['one', 'two', 'three'].map((id) => ({ id, siteLabel: `${id}.example` }))

describe('what the icon beside the clock is told', () => {
  it('names accounts that need somebody, the broken ones first, in a few words each', () => {
    const list = [
      health('one', { grant: null, secretExpiresAt: start + day }),
      health('two', { state: 'needs_sign_in' }),
      health('three', {}, null, false),
    ]
    expect(trayNews(accounts, list, 7, true)).toEqual({
      unread: 7,
      online: true,
      attention: [
        { name: 'two.example', words: 'sign in again', broken: true },
        { name: 'one.example', words: 'client secret ends soon', broken: false },
      ],
    })
  })

  it('names an account that is not updated although its sign-in is good', () => {
    const behind = health('one', {}, { since: start, reason: 'failing' })
    expect(trayNews(accounts, [behind], 0, true).attention).toEqual([
      { name: 'one.example', words: 'not updating', broken: true },
    ])
  })

  it('says nothing of accounts that are gone', () => {
    expect(trayNews([], [health('one', { state: 'needs_sign_in' })], 0, false).attention).toEqual([])
  })
})
