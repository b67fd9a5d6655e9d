import { isAlarm } from '../health/forecast.ts'
import type { AccountHealth, Forecast, NotCurrentReason } from '../health/model.ts'

/** What the icon beside the clock tells, as plain data. */
export interface TrayNews {
  unread: number
  online: boolean
  attention: { name: string; words: string; broken: boolean }[]
}

interface Named {
  id: string
  siteLabel: string
}

const shortLimits: Record<Forecast['limit'], string> = {
  sign_in: 'sign in again',
  access: 'access ends soon',
  refresh_age: 'sign-in ends soon',
  refresh_idle: 'sign-in ends soon',
  test_mode: 'sign-in ends soon',
  client_secret: 'client secret ends soon',
  scopes: 'scope missing',
  clock: 'clock is wrong',
  renewal: 'cannot be renewed',
}

const shortReasons: Record<NotCurrentReason, string> = {
  signed_out: 'sign in again',
  paused: 'paused',
  offline: 'offline',
  failing: 'not updating',
  throttled: 'slowed down by the vendor',
  behind: 'not updating',
}

/** Accounts that need somebody, the broken ones first, in a few words each. */
export function trayNews(
  accounts: readonly Named[],
  health: readonly AccountHealth[],
  unread: number,
  online: boolean,
): TrayNews {
  const attention = health
    .filter((each) => each.attention)
    .flatMap((each) => {
      const name = accounts.find(({ id }) => id === each.accountId)?.siteLabel
      return name === undefined ? [] : [{ name, words: wordsOf(each), broken: isBroken(each) }]
    })
  return { unread, online, attention: attention.sort((a, b) => Number(b.broken) - Number(a.broken)) }
}

function isBroken({ forecast, notCurrent }: AccountHealth): boolean {
  return forecast.some(({ severity }) => severity === 'broken') || notCurrent?.reason === 'failing'
}

function wordsOf({ forecast, notCurrent }: AccountHealth): string {
  const first = forecast.find(isAlarm)
  if (first !== undefined) return shortLimits[first.limit]
  return notCurrent === null ? 'needs attention' : shortReasons[notCurrent.reason]
}
